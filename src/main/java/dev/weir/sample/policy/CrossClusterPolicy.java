package dev.weir.sample.policy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code cross-cluster: true}: a span and its parent, or what a waypoint stands between, are in different clusters. */
record CrossClusterPolicy() implements Policy {

    private static final List<String> KEYS = List.of("k8s.cluster.name", "istio.cluster_id");
    private static final String SOURCE = "istio.source_cluster_id";
    private static final String DESTINATION = "istio.destination_cluster_id";

    static @Nullable Policy read(YamlNode node, PolicyReading in) {
        return in.isTrue(node, "cross-cluster") ? new CrossClusterPolicy() : null;
    }

    @Override
    public TraceCondition condition() {
        ValueTest exists = new ValueTest.Exists();
        return new TraceCondition.Or(
                new TraceCondition.And(
                        new TraceCondition.Any(new SpanCondition.And(
                                new SpanCondition.Attribute(Place.SPAN, SOURCE, exists),
                                new SpanCondition.Attribute(Place.SPAN, DESTINATION, exists))),
                        new TraceCondition.NeedsSpans(
                                "cross-cluster: a waypoint's span", CrossClusterPolicy::anyWaypointBetween)),
                CrossedEdges.condition("cross-cluster", KEYS));
    }

    private static boolean anyWaypointBetween(TraceFacts facts) {
        boolean[] found = {false};
        SpanTexts texts = new SpanTexts();
        facts.forEachSpan((span, from, to, resource, scope) -> {
            String source = texts.first(List.of(SOURCE), span, from, to, resource);
            String destination = texts.first(List.of(DESTINATION), span, from, to, resource);
            found[0] = source != null && destination != null && !source.equals(destination);
            return !found[0];
        });
        return found[0];
    }
}
