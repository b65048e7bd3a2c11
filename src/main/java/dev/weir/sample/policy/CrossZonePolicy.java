package dev.weir.sample.policy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code cross-zone: true}: a span and its parent are in different zones. */
record CrossZonePolicy() implements Policy {

    private static final List<String> KEYS = List.of("cloud.availability_zone", "zone");

    static @Nullable Policy read(YamlNode node, PolicyReading in) {
        return in.isTrue(node, "cross-zone") ? new CrossZonePolicy() : null;
    }

    @Override
    public TraceCondition condition() {
        return CrossedEdges.condition("cross-zone", KEYS);
    }
}
