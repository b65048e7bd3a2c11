package dev.weir.sample.policy;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code passthrough: true}: a request went to no service that the mesh knows, or was refused for that. */
record PassthroughPolicy() implements SpanPolicy {

    private static final List<String> CLUSTERS =
            List.of("PassthroughCluster", "InboundPassthroughCluster", "AllowAnyDynamicDNSCluster", "BlackHoleCluster");

    static @Nullable Policy read(YamlNode node, PolicyReading in) {
        return in.isTrue(node, "passthrough") ? new PassthroughPolicy() : null;
    }

    /** The stat name of a cluster ends with a semicolon. */
    @Override
    public SpanCondition spanCondition() {
        ValueTest test = new ValueTest.OneOf(
                CLUSTERS.stream().flatMap(name -> Stream.of(name, name + ";")).toList());
        return new SpanCondition.Or(
                new SpanCondition.Attribute(Place.SPAN, "upstream_cluster", test),
                new SpanCondition.Attribute(Place.SPAN, "upstream_cluster.name", test));
    }
}
