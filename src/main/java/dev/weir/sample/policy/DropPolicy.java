package dev.weir.sample.policy;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@code drop: <policy>}: none of the traces that the policy inside matches is kept. Stands before all others. */
record DropPolicy(Policy policy) implements Policy {

    static @Nullable Policy read(YamlNode node, PolicyReading in) {
        Policy policy = in.policy(node);
        if (policy != null && policy.isProbabilistic()) {
            in.fault(node, "drop cannot stand over a policy that keeps a share; write a ratio after it instead");
            return null;
        }
        return policy == null ? null : new DropPolicy(policy);
    }

    @Override
    public TraceCondition condition() {
        return policy.condition();
    }

    @Override
    public @Nullable SpanCondition spanCondition() {
        return policy.spanCondition();
    }

    @Override
    public Outcome outcome(Function<Policy, TraceCondition> conditions) {
        return Outcome.DROP;
    }

    @Override
    public List<Policy> parts() {
        return List.of(policy);
    }
}
