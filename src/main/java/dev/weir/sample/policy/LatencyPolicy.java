package dev.weir.sample.policy;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * {@code latency: { at-least: 500ms, at-most: 2s }}: the trace, or with a scope one span, took so long.
 *
 * @param atLeast nanoseconds, included
 * @param atMost nanoseconds, included; {@link Long#MAX_VALUE} for no bound
 */
record LatencyPolicy(long atLeast, long atMost) implements Policy {

    static @Nullable Policy read(YamlNode node, PolicyReading in) {
        Keys keys = in.keys(node, "latency", "at-least", "at-most");
        OptionalLong atLeast = keys.duration("at-least");
        OptionalLong atMost = keys.duration("at-most");
        if (node.kind == YamlNode.Kind.MAP && !keys.has("at-least") && !keys.has("at-most")) {
            keys.fault("latency needs at least one bound, at-least or at-most");
        }
        LatencyPolicy policy = new LatencyPolicy(atLeast.orElse(0), atMost.orElse(Long.MAX_VALUE));
        if (policy.atLeast > policy.atMost) {
            keys.fault("latency's at-least must not be greater than at-most");
        }
        return policy;
    }

    @Override
    public TraceCondition condition() {
        return new TraceCondition.Latency(atLeast, atMost);
    }

    @Override
    public SpanCondition spanCondition() {
        return new SpanCondition.Duration(atLeast, atMost);
    }
}
