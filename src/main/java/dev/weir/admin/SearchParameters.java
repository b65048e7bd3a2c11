package dev.weir.admin;

import dev.weir.export.store.Query;
import dev.weir.pipeline.DurationText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a search as a {@link Query}. An empty value is one that was not given; a parameter that is not known
 * is a mistake, since ignoring it would answer another question.
 */
final class SearchParameters {

    private static final List<String> KNOWN =
            List.of("service", "name", "min-duration", "status", "attribute", "limit");

    private final Map<String, ? extends List<String>> given;

    private SearchParameters(Map<String, ? extends List<String>> given) {
        this.given = given;
    }

    /** @throws BadParameterException for the first that cannot be understood */
    static Query parse(Map<String, ? extends List<String>> given) {
        for (Map.Entry<String, ? extends List<String>> entry : given.entrySet()) {
            if (!KNOWN.contains(entry.getKey())) {
                throw new BadParameterException(
                        entry.getKey(),
                        String.join(",", entry.getValue()),
                        "one of the parameters " + String.join(", ", KNOWN));
            }
        }
        SearchParameters parameters = new SearchParameters(given);
        return new Query(
                parameters.single("service"),
                parameters.single("name"),
                parameters.minDuration(),
                parameters.status(),
                parameters.attributes(),
                parameters.limit());
    }

    private @Nullable String single(String parameter) {
        List<String> values = values(parameter);
        if (values.size() > 1) {
            throw new BadParameterException(parameter, String.join(",", values), "the parameter once");
        }
        return values.isEmpty() ? null : values.getFirst();
    }

    private @Nullable Duration minDuration() {
        String value = single("min-duration");
        return value == null
                ? null
                : DurationText.parse(value)
                        .orElseThrow(() -> new BadParameterException("min-duration", value, DurationText.EXPECTED));
    }

    private Query.@Nullable Status status() {
        String value = single("status");
        if (value == null) {
            return null;
        }
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "ok" -> Query.Status.OK;
            case "error" -> Query.Status.ERROR;
            case "unset" -> Query.Status.UNSET;
            default -> throw new BadParameterException("status", value, "ok, error or unset");
        };
    }

    private List<Query.Attribute> attributes() {
        List<Query.Attribute> attributes = new ArrayList<>();
        for (String value : values("attribute")) {
            int equals = value.indexOf('=');
            if (equals < 1) {
                throw new BadParameterException("attribute", value, "key=value, such as http.route=/pay");
            }
            attributes.add(new Query.Attribute(value.substring(0, equals), value.substring(equals + 1)));
        }
        return attributes;
    }

    private int limit() {
        String value = single("limit");
        if (value == null) {
            return Query.DEFAULT_LIMIT;
        }
        try {
            int limit = Integer.parseInt(value);
            if (limit >= 1 && limit <= Query.MAX_LIMIT) {
                return limit;
            }
        } catch (NumberFormatException e) { // answered below
        }
        throw new BadParameterException("limit", value, "a whole number from 1 to " + Query.MAX_LIMIT);
    }

    private List<String> values(String parameter) {
        List<String> values = given.get(parameter);
        return values == null
                ? List.of()
                : values.stream().filter(value -> !value.isBlank()).toList();
    }
}
