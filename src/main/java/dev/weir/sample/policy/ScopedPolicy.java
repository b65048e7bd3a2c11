package dev.weir.sample.policy;

import java.util.List;
import java.util.function.Function;

/** {@code scope: span} or {@code scope: root}: one span, or the root span, fulfils all conditions of the policy. */
record ScopedPolicy(Scope scope, Policy policy) implements Policy {

    @Override
    public TraceCondition condition() {
        return of(policy);
    }

    private TraceCondition of(Policy part) {
        SpanCondition condition = part.spanCondition();
        if (condition == null) {
            throw new IllegalStateException("not about one span: " + part);
        }
        return new TraceCondition.Any(
                scope == Scope.ROOT ? new SpanCondition.And(new SpanCondition.Root(), condition) : condition);
    }

    @Override
    public Outcome outcome(Function<Policy, TraceCondition> conditions) {
        return policy.outcome(this::of);
    }

    @Override
    public List<Policy> parts() {
        return List.of(policy);
    }
}
