package dev.weir.sample.policy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is wrong with policies only when they stand together. */
final class PolicyChecks {

    private PolicyChecks() {}

    static void check(List<PolicyConfig> policies, List<PolicyFault> faults) {
        unreachable(policies, faults);
        for (PolicyConfig policy : policies) {
            if (constant(policy.policy().condition()) < 0) {
                faults.add(new PolicyFault(
                        policy.line(), policy.column(), policy.name(), "its condition can never hold; remove it"));
            }
        }
        try {
            Rules.compile(policies, null, System::nanoTime);
        } catch (IllegalArgumentException e) {
            faults.add(new PolicyFault(0, 0, "", String.valueOf(e.getMessage())));
        }
        if (!policies.isEmpty() && policies.stream().allMatch(PolicyConfig::shadow)) {
            PolicyConfig first = policies.getFirst();
            faults.add(new PolicyFault(
                    first.line(),
                    first.column(),
                    "",
                    "all policies are shadows, so that everything would be dropped; add one that keeps something"));
        }
    }

    private static void unreachable(List<PolicyConfig> policies, List<PolicyFault> faults) {
        PolicyConfig dropsAll = firstThatHoldsAlways(policies, true);
        PolicyConfig decidesAll = firstThatHoldsAlways(policies, false);
        boolean behind = false;
        for (PolicyConfig policy : policies) {
            PolicyConfig before = policy.isDrop() || policy == dropsAll ? null : dropsAll;
            if (before == null && behind && !policy.isDrop()) {
                before = decidesAll;
            }
            if (before != null && !policy.shadow()) {
                faults.add(new PolicyFault(
                        policy.line(),
                        policy.column(),
                        policy.name(),
                        "can never be reached, because '" + before.name()
                                + "' matches every trace before it; put it first, or remove one of them"));
            }
            behind |= policy == decidesAll;
        }
    }

    private static @Nullable PolicyConfig firstThatHoldsAlways(List<PolicyConfig> policies, boolean drop) {
        for (PolicyConfig policy : policies) {
            if (policy.isDrop() == drop
                    && !policy.shadow()
                    && constant(policy.policy().condition()) > 0) {
                return policy;
            }
        }
        return null;
    }

    /** 1: holds for every trace, −1: for none, 0: it depends. */
    private static int constant(TraceCondition condition) {
        return switch (condition) {
            case TraceCondition.Always _ -> 1;
            case TraceCondition.Any any -> constant(any.condition());
            case TraceCondition.Count count -> count.atLeast() <= 0 && count.atMost() == Integer.MAX_VALUE ? 1 : 0;
            case TraceCondition.Latency latency -> latency.atLeast() <= 0 && latency.atMost() == Long.MAX_VALUE ? 1 : 0;
            case TraceCondition.SpanCount spans -> spans.atLeast() <= 1 && spans.atMost() == Integer.MAX_VALUE ? 1 : 0;
            case TraceCondition.ErrorCount errors ->
                errors.atLeast() <= 0 && errors.atMost() == Integer.MAX_VALUE ? 1 : 0;
            case TraceCondition.And and ->
                and.conditions().stream().mapToInt(PolicyChecks::constant).min().orElse(1);
            case TraceCondition.Or or ->
                or.conditions().stream().mapToInt(PolicyChecks::constant).max().orElse(-1);
            case TraceCondition.Not not -> -constant(not.condition());
            case TraceCondition.NeedsSpans _ -> 0;
        };
    }

    private static int constant(SpanCondition condition) {
        return switch (condition) {
            case SpanCondition.And and ->
                and.conditions().stream().mapToInt(PolicyChecks::constant).min().orElse(1);
            case SpanCondition.Or or ->
                or.conditions().stream().mapToInt(PolicyChecks::constant).max().orElse(-1);
            case SpanCondition.Not not -> -constant(not.condition());
            case SpanCondition.Status status -> (status.mask() & 7) == 7 ? 1 : 0;
            case SpanCondition.Duration duration ->
                duration.atLeast() <= 0 && duration.atMost() == Long.MAX_VALUE ? 1 : 0;
            default -> 0;
        };
    }
}
