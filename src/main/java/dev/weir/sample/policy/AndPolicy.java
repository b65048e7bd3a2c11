package dev.weir.sample.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@code and: [ … ]}: all conditions hold; of their thresholds the greatest. */
record AndPolicy(List<Policy> parts) implements Policy {

    AndPolicy {
        parts = List.copyOf(parts);
    }

    static @Nullable Policy read(YamlNode node, PolicyReading in) {
        List<Policy> parts = in.policies(node, "and");
        return parts.isEmpty() ? null : new AndPolicy(parts);
    }

    @Override
    public TraceCondition condition() {
        return new TraceCondition.And(parts.stream().map(Policy::condition).toList());
    }

    @Override
    public @Nullable SpanCondition spanCondition() {
        List<SpanCondition> conditions = spanConditions(parts);
        return conditions.size() == parts.size() ? new SpanCondition.And(conditions) : null;
    }

    /** Those there are. */
    static List<SpanCondition> spanConditions(List<Policy> policies) {
        List<SpanCondition> conditions = new ArrayList<>();
        for (Policy policy : policies) {
            SpanCondition condition = policy.spanCondition();
            if (condition != null) {
                conditions.add(condition);
            }
        }
        return conditions;
    }

    /** A policy inside one of the parts must hold together with the other parts: in a scope, for the same span. */
    @Override
    public Outcome outcome(Function<Policy, TraceCondition> conditions) {
        if (!isProbabilistic()) {
            return Outcome.KEEP;
        }
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            int place = i;
            outcomes.add(parts.get(i).outcome(inner -> {
                List<Policy> together = new ArrayList<>(parts);
                together.set(place, inner);
                return conditions.apply(new AndPolicy(together));
            }));
        }
        return new Outcome.Greatest(outcomes);
    }
}
