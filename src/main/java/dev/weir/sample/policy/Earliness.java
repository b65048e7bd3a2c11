package dev.weir.sample.policy;

import dev.weir.sample.ratio.Threshold;
import java.util.List;
import java.util.OptionalLong;

/** Which policies can decide a trace before its wait is over, from what they say alone. */
final class Earliness {

    private Earliness() {}

    /** @param before the policies asked before this one */
    static PolicyStatus of(Rule rule, List<Rule> before) {
        Policy policy = rule.config.policy();
        TraceCondition condition = policy.condition();
        OptionalLong threshold = fixed(policy.outcome(Policy::condition));
        String why = "as soon as its condition holds";
        boolean early = true;
        if (rule.shadow) {
            early = false;
            why = "never: it is a shadow";
        } else if (!mayBeCertain(condition, true)) {
            early = false;
            why = "never: spans still to come may change whether its condition holds";
        } else if (threshold.isEmpty()) {
            early = false;
            why = "not for sure: its share depends on the load, or on conditions that later spans may change";
        } else {
            for (Rule earlier : before) {
                Policy other = earlier.config.policy();
                boolean same = fixed(other.outcome(Policy::condition)).equals(threshold);
                if (!earlier.shadow && !same && !mayBeCertain(other.condition(), false)) {
                    early = false;
                    why = "never: '" + earlier.name + "' before it may still match, with another outcome";
                    break;
                }
            }
            if (early && threshold.getAsLong() > Threshold.ALWAYS && threshold.getAsLong() < Threshold.NEVER) {
                why = "as soon as its condition holds, where the trace state carries rv";
            }
        }
        return new PolicyStatus(
                rule.name,
                rule.config.isDrop(),
                rule.shadow,
                early,
                why,
                ConditionPolicy.in(policy),
                rule.keyValues(),
                rule.stats);
    }

    /** Whether it can hold for good, or be false for good, while spans may still come. */
    private static boolean mayBeCertain(TraceCondition condition, boolean truth) {
        return switch (condition) {
            case TraceCondition.Always _ -> truth;
            case TraceCondition.Any _ -> truth;
            case TraceCondition.Count count -> count.atMost() == Integer.MAX_VALUE == truth;
            case TraceCondition.Latency latency -> latency.atMost() == Long.MAX_VALUE == truth;
            case TraceCondition.SpanCount spans -> spans.atMost() == Integer.MAX_VALUE == truth;
            case TraceCondition.ErrorCount errors -> errors.atMost() == Integer.MAX_VALUE == truth;
            case TraceCondition.And and -> all(and.conditions(), truth, truth);
            case TraceCondition.Or or -> all(or.conditions(), truth, !truth);
            case TraceCondition.Not not -> mayBeCertain(not.condition(), !truth);
            case TraceCondition.NeedsSpans _ -> false;
        };
    }

    private static boolean all(List<TraceCondition> conditions, boolean truth, boolean everyOne) {
        return everyOne
                ? conditions.stream().allMatch(each -> mayBeCertain(each, truth))
                : conditions.stream().anyMatch(each -> mayBeCertain(each, truth));
    }

    /** The threshold that comes out whatever holds; empty when it depends. */
    private static OptionalLong fixed(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Fixed fixed -> OptionalLong.of(fixed.threshold());
            case Outcome.Chosen _ -> OptionalLong.empty();
            case Outcome.Greatest greatest -> {
                long most = Threshold.ALWAYS;
                for (Outcome each : greatest.outcomes()) {
                    OptionalLong threshold = fixed(each);
                    if (threshold.isEmpty()) {
                        yield OptionalLong.empty();
                    }
                    most = Math.max(most, threshold.getAsLong());
                }
                yield OptionalLong.of(most);
            }
            case Outcome.Least least -> same(least.alternatives());
            case Outcome.First first -> same(first.alternatives());
        };
    }

    private static OptionalLong same(List<Outcome.Alternative> alternatives) {
        OptionalLong first = OptionalLong.empty();
        for (Outcome.Alternative alternative : alternatives) {
            OptionalLong threshold = fixed(alternative.outcome());
            if (threshold.isEmpty() || first.isPresent() && !first.equals(threshold)) {
                return OptionalLong.empty();
            }
            first = threshold;
        }
        return first;
    }
}
