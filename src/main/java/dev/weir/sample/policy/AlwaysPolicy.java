package dev.weir.sample.policy;

import org.jspecify.annotations.Nullable;

/** {@code always: true}: every trace is kept. */
record AlwaysPolicy() implements Policy {

    static @Nullable Policy read(YamlNode node, PolicyReading in) {
        return in.isTrue(node, "always") ? new AlwaysPolicy() : null;
    }

    @Override
    public TraceCondition condition() {
        return new TraceCondition.Always();
    }

    @Override
    public SpanCondition spanCondition() {
        return new SpanCondition.And();
    }
}
