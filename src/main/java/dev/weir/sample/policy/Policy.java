package dev.weir.sample.policy;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One policy, as configured: a record, so that equal policies are equal, with a condition and an outcome. */
public interface Policy {

    /** What a trace must be like. */
    TraceCondition condition();

    /** What one span must be like; null where the policy is about the trace as a whole, and so has no scope. */
    default @Nullable SpanCondition spanCondition() {
        return null;
    }

    /**
     * What becomes of the traces that fulfil the condition.
     *
     * @param conditions gives the condition of a policy inside this one, in the scope that this one stands in
     */
    default Outcome outcome(Function<Policy, TraceCondition> conditions) {
        return Outcome.KEEP;
    }

    /** The policies inside this one. */
    default List<Policy> parts() {
        return List.of();
    }

    /** Whether the outcome depends on chance: such a policy cannot be negated. */
    default boolean isProbabilistic() {
        return parts().stream().anyMatch(Policy::isProbabilistic);
    }
}
