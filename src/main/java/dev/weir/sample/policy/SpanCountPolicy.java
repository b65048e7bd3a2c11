package dev.weir.sample.policy;

/** {@code span-count: { at-least: 3, at-most: 5 }}: the trace has so many spans; bounds included. */
record SpanCountPolicy(int atLeast, int atMost) implements Policy {

    static Policy read(YamlNode node, PolicyReading in) {
        Keys keys = in.keys(node, "span-count", "at-least", "at-most");
        int atLeast = keys.count("at-least").orElse(0);
        int atMost = keys.count("at-most").orElse(Integer.MAX_VALUE);
        keys.checkBounds(atLeast, atMost);
        return new SpanCountPolicy(atLeast, atMost);
    }

    @Override
    public TraceCondition condition() {
        return new TraceCondition.SpanCount(atLeast, atMost);
    }
}
