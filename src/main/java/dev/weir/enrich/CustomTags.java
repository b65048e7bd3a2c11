package dev.weir.enrich;

import dev.weir.pipeline.Sender;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** {@code weir.mesh.custom-tags}, with what is known at start looked up. Immutable. */
final class CustomTags {

    /** A sender writes headers: it must not blow up every resource of its request. */
    static final int MOST_LENGTH = 256;

    private static final String[] NONE = {};

    /** By attribute, those that are the same for every request. */
    private final Map<String, String> fixed = new TreeMap<>();

    private final String[] names;
    private final String[] headers;
    private final @Nullable String[] defaults;

    CustomTags(Map<String, MeshConfig.CustomTag> config, UnaryOperator<@Nullable String> environment) {
        Map<String, MeshConfig.CustomTag> fromHeaders = new TreeMap<>();
        config.forEach((name, tag) -> {
            if (tag.header().isPresent()) {
                fromHeaders.put(name, tag);
                return;
            }
            String value = tag.literal()
                    .or(() -> tag.environment().map(environment).filter(text -> !text.isEmpty()))
                    .or(tag::otherwise)
                    .orElse(null);
            if (value != null) {
                fixed.put(name, value);
            }
        });
        names = fromHeaders.keySet().toArray(NONE);
        headers = fromHeaders.values().stream()
                .map(tag -> tag.header().orElseThrow().toLowerCase(Locale.ROOT))
                .toArray(String[]::new);
        defaults = fromHeaders.values().stream()
                .map(tag -> tag.otherwise().orElse(null))
                .toArray(String[]::new);
    }

    /** The headers that the doors must keep, in lower case. */
    static Collection<String> headers(Map<String, MeshConfig.CustomTag> config) {
        Collection<String> wanted = new TreeSet<>();
        config.values().forEach(tag -> tag.header().ifPresent(name -> wanted.add(name.toLowerCase(Locale.ROOT))));
        return wanted;
    }

    /** What the request's headers say, for {@link #putInto}; the same array while there is nothing to say. */
    @Nullable
    String[] values(Sender sender) {
        if (headers.length == 0) {
            return NONE;
        }
        @Nullable String[] values = new String[headers.length];
        for (int i = 0; i < headers.length; i++) {
            String said = sender.headers().get(headers[i]);
            values[i] = said == null || said.isEmpty()
                    ? defaults[i]
                    : said.length() > MOST_LENGTH ? said.substring(0, MOST_LENGTH) : said;
        }
        return values;
    }

    void putInto(Map<String, String> attributes, @Nullable String[] values) {
        attributes.putAll(fixed);
        for (int i = 0; i < names.length; i++) {
            String value = values[i];
            if (value != null) {
                attributes.put(names[i], value);
            }
        }
    }
}
