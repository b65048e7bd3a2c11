package dev.weir.sample.policy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/** Whether a span and its parent differ in where they ran, by the first of some attributes. */
final class CrossedEdges {

    private CrossedEdges() {}

    /** Asks for the spans only of a trace in which two of them say where they ran. */
    static TraceCondition condition(String name, List<String> keys) {
        SpanCondition says = new SpanCondition.Or(keys.stream()
                .map(key -> (SpanCondition)
                        new SpanCondition.Attribute(Place.SPAN_OR_RESOURCE, key, new ValueTest.Exists()))
                .toList());
        return new TraceCondition.And(
                new TraceCondition.Count(says, 2, Integer.MAX_VALUE),
                new TraceCondition.NeedsSpans(name + ": edges", facts -> isAnyCrossed(facts, keys)));
    }

    private record Child(long parent, String place) {}

    private static boolean isAnyCrossed(TraceFacts facts, List<String> keys) {
        SpanIds ids = new SpanIds();
        SpanTexts texts = new SpanTexts();
        Map<Long, String> places = new HashMap<>();
        List<Child> children = new ArrayList<>();
        facts.forEachSpan((span, from, to, resource, scope) -> {
            String place = texts.first(keys, span, from, to, resource);
            if (place != null) {
                ids.read(span, from, to);
                places.put(ids.id, place);
                if (ids.parent != 0) {
                    children.add(new Child(ids.parent, place));
                }
            }
            return true;
        });
        if (new HashSet<>(places.values()).size() < 2) {
            return false;
        }
        for (Child child : children) {
            String parent = places.get(child.parent());
            if (parent != null && !parent.equals(child.place())) {
                return true;
            }
        }
        return false;
    }
}
