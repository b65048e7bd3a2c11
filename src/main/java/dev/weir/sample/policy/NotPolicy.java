package dev.weir.sample.policy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code not: { … }}: the condition does not hold; with a scope, there is a span for which it does not. */
record NotPolicy(Policy policy) implements Policy {

    static @Nullable Policy read(YamlNode node, PolicyReading in) {
        Policy policy = in.policy(node);
        if (policy != null && policy.isProbabilistic()) {
            in.fault(node, "not cannot stand over a policy that keeps a share (ratio, rate, per-key, composite)");
            return null;
        }
        return policy == null ? null : new NotPolicy(policy);
    }

    @Override
    public TraceCondition condition() {
        return new TraceCondition.Not(policy.condition());
    }

    @Override
    public @Nullable SpanCondition spanCondition() {
        SpanCondition condition = policy.spanCondition();
        return condition == null ? null : new SpanCondition.Not(condition);
    }

    @Override
    public List<Policy> parts() {
        return List.of(policy);
    }
}
