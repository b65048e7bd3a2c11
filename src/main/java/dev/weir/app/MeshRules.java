package dev.weir.app;

import dev.weir.enrich.MeshConfig;
import dev.weir.enrich.identity.SpiffeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the types of {@code weir.mesh} cannot say. */
final class MeshRules {

    private static final String KEY = "weir.mesh.";
    /** What both HTTP and gRPC take as the name of a header. */
    private static final Pattern HEADER = Pattern.compile("[0-9A-Za-z_.-]{1,128}");
    /** gRPC: the value is bytes. */
    private static final String BINARY = "-bin";

    private final List<String> faults = new ArrayList<>();

    private MeshRules() {}

    static List<String> faults(MeshConfig config) {
        MeshRules rules = new MeshRules();
        if (config.kind() == MeshConfig.Kind.ISTIO
                && config.identity().isEmpty()
                && config.waypoints().isEmpty()) {
            rules.faults.add(KEY + "kind: istio needs " + KEY + "identity (our own SPIFFE id, behind a sidecar) or "
                    + KEY + "waypoints; without them nobody could be believed");
        }
        rules.spiffeIds("identity", config.identity().map(List::of));
        rules.spiffeIds("waypoints", config.waypoints());
        rules.spiffeIds("relays", config.relays());
        new TreeMap<>(config.customTags()).forEach(rules::customTag);
        return rules.faults;
    }

    private void spiffeIds(String key, Optional<List<String>> ids) {
        for (String id : ids.orElse(List.of())) {
            if (SpiffeId.parse(id) == null) {
                faults.add(KEY + key + ": '" + id
                        + "' is not a SPIFFE id such as spiffe://cluster.local/ns/observability/sa/weir");
            }
        }
    }

    private void customTag(String name, MeshConfig.CustomTag tag) {
        String key = KEY + "custom-tags." + name;
        if (name.startsWith("mesh.client.") || name.startsWith("mesh.identity.")) {
            faults.add(key + ": what begins so says what was verified; take another name");
        }
        List<String> given = Stream.of(
                        Map.entry("literal", tag.literal()),
                        Map.entry("environment", tag.environment()),
                        Map.entry("header", tag.header()))
                .filter(source -> source.getValue().isPresent())
                .map(Map.Entry::getKey)
                .toList();
        if (given.size() != 1) {
            faults.add(key + ": must have exactly one of literal, environment and header, has "
                    + (given.isEmpty() ? "none" : String.join(" and ", given)));
        }
        tag.header().ifPresent(header -> {
            if (!HEADER.matcher(header).matches()) {
                faults.add(key + ".header: '" + header
                        + "' is not the name of a header: letters, digits, '-', '_' and '.'");
            } else if (header.toLowerCase(Locale.ROOT).endsWith(BINARY)) {
                faults.add(key + ".header: '" + header
                        + "' has bytes for gRPC, not text; take one that does not end in " + BINARY);
            }
        });
    }
}
