package dev.weir.sample.policy;

import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** {@code span-count: { at-least: 3, at-most: 5 }}: the trace has so many spans; bounds included. */
record SpanCountPolicy(int atLeast, int atMost) implements Policy {

    static @Nullable Policy read(YamlNode node, PolicyReading in) {
        Keys keys = in.keys(node, "span-count", "at-least", "at-most");
        OptionalInt atLeast = keys.count("at-least");
        OptionalInt atMost = keys.count("at-most");
        if (node.kind == YamlNode.Kind.MAP && !keys.has("at-least") && !keys.has("at-most")) {
            keys.fault("span-count needs at least one bound, at-least or at-most");
        }
        SpanCountPolicy policy = new SpanCountPolicy(atLeast.orElse(0), atMost.orElse(Integer.MAX_VALUE));
        if (policy.atLeast > policy.atMost) {
            keys.fault("span-count's at-least must not be greater than at-most");
        }
        return policy;
    }

    @Override
    public TraceCondition condition() {
        return new TraceCondition.SpanCount(atLeast, atMost);
    }
}
