package dev.weir.sample.policy;

/**
 * {@code latency: { at-least: 500ms, at-most: 2s }}: the trace, or with a scope one span, took so long.
 *
 * @param atLeast nanoseconds, included
 * @param atMost nanoseconds, included; {@link Long#MAX_VALUE} for no bound
 */
record LatencyPolicy(long atLeast, long atMost) implements Policy {

    static Policy read(YamlNode node, PolicyReading in) {
        Keys keys = in.keys(node, "latency", "at-least", "at-most");
        long atLeast = keys.duration("at-least").orElse(0);
        long atMost = keys.duration("at-most").orElse(Long.MAX_VALUE);
        keys.checkBounds(atLeast, atMost);
        return new LatencyPolicy(atLeast, atMost);
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
