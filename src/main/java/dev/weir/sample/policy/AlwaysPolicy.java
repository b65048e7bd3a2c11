package dev.weir.sample.policy;

import org.jspecify.annotations.Nullable;

/** {@code always: true}: every trace is kept. */
record AlwaysPolicy() implements Policy {

    static @Nullable Policy read(YamlNode node, PolicyReading in) {
        if (!node.text.equals("true")) {
            in.fault(node, "always must be true, was " + node.described() + "; leave the policy out instead");
        }
        return new AlwaysPolicy();
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
