package dev.weir.sample.policy;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@code or: [ … ]}: one of the conditions holds; the least of the thresholds of those that hold. */
record OrPolicy(List<Policy> parts) implements Policy {

    OrPolicy {
        parts = List.copyOf(parts);
    }

    static @Nullable Policy read(YamlNode node, PolicyReading in) {
        List<Policy> parts = in.policies(node, "or");
        return parts.isEmpty() ? null : new OrPolicy(parts);
    }

    @Override
    public TraceCondition condition() {
        return new TraceCondition.Or(parts.stream().map(Policy::condition).toList());
    }

    @Override
    public @Nullable SpanCondition spanCondition() {
        List<SpanCondition> conditions = AndPolicy.spanConditions(parts);
        return conditions.size() == parts.size() ? new SpanCondition.Or(conditions) : null;
    }

    @Override
    public Outcome outcome(Function<Policy, TraceCondition> conditions) {
        if (!isProbabilistic()) {
            return Outcome.KEEP;
        }
        return new Outcome.Least(parts.stream()
                .map(part -> new Outcome.Alternative(conditions.apply(part), part.outcome(conditions)))
                .toList());
    }
}
