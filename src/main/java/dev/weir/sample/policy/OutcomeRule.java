package dev.weir.sample.policy;

import dev.weir.sample.ratio.Threshold;
import java.util.List;
import java.util.function.Function;

/** An {@link Outcome}, ready to give thresholds. */
abstract class OutcomeRule {

    /** Sets the threshold, and adds the sources it is under. */
    abstract void resolve(TraceFacts facts, long nowNanos, Draw into);

    /** The least threshold that may come out, whatever spans still come. */
    abstract long least(TraceFacts facts);

    /** The greatest threshold that may come out, whatever spans still come. */
    abstract long greatest(TraceFacts facts);

    static OutcomeRule of(Outcome outcome, SpanBits bits, Function<ThresholdSource.Settings, ThresholdSource> sources) {
        return switch (outcome) {
            case Outcome.Fixed fixed -> new Fixed(fixed.threshold());
            case Outcome.Chosen chosen -> new Chosen(sources.apply(chosen.settings()));
            case Outcome.Greatest greatest ->
                new Greatest(greatest.outcomes().stream()
                        .map(each -> of(each, bits, sources))
                        .toArray(OutcomeRule[]::new));
            case Outcome.Least least -> new OfAlternatives(least.alternatives(), false, bits, sources);
            case Outcome.First first -> new OfAlternatives(first.alternatives(), true, bits, sources);
        };
    }

    private static final class Fixed extends OutcomeRule {
        private final long threshold;

        Fixed(long threshold) {
            this.threshold = threshold;
        }

        @Override
        void resolve(TraceFacts facts, long nowNanos, Draw into) {
            into.threshold = threshold;
        }

        @Override
        long least(TraceFacts facts) {
            return threshold;
        }

        @Override
        long greatest(TraceFacts facts) {
            return threshold;
        }
    }

    private static final class Chosen extends OutcomeRule {
        private final ThresholdSource source;

        Chosen(ThresholdSource source) {
            this.source = source;
        }

        @Override
        void resolve(TraceFacts facts, long nowNanos, Draw into) {
            into.threshold = source.threshold(facts, nowNanos);
            into.add(source);
        }

        @Override
        long least(TraceFacts facts) {
            return Threshold.ALWAYS;
        }

        @Override
        long greatest(TraceFacts facts) {
            return Threshold.NEVER;
        }
    }

    private static final class Greatest extends OutcomeRule {
        private final OutcomeRule[] rules;

        Greatest(OutcomeRule... rules) {
            this.rules = rules;
        }

        @Override
        void resolve(TraceFacts facts, long nowNanos, Draw into) {
            long greatest = Threshold.ALWAYS;
            for (OutcomeRule rule : rules) {
                rule.resolve(facts, nowNanos, into);
                greatest = Math.max(greatest, into.threshold);
            }
            into.threshold = greatest;
        }

        @Override
        long least(TraceFacts facts) {
            long greatest = Threshold.ALWAYS;
            for (OutcomeRule rule : rules) {
                greatest = Math.max(greatest, rule.least(facts));
            }
            return greatest;
        }

        @Override
        long greatest(TraceFacts facts) {
            long greatest = Threshold.ALWAYS;
            for (OutcomeRule rule : rules) {
                greatest = Math.max(greatest, rule.greatest(facts));
            }
            return greatest;
        }
    }

    /** The least of those that hold, or the first. */
    private static final class OfAlternatives extends OutcomeRule {
        private final TraceTest[] tests;
        private final OutcomeRule[] rules;
        private final boolean first;

        OfAlternatives(
                List<Outcome.Alternative> alternatives,
                boolean first,
                SpanBits bits,
                Function<ThresholdSource.Settings, ThresholdSource> sources) {
            this.first = first;
            tests = alternatives.stream()
                    .map(each -> TraceTest.of(each.condition(), bits))
                    .toArray(TraceTest[]::new);
            rules = alternatives.stream()
                    .map(each -> of(each.outcome(), bits, sources))
                    .toArray(OutcomeRule[]::new);
        }

        @Override
        void resolve(TraceFacts facts, long nowNanos, Draw into) {
            int start = into.mark();
            long best = Threshold.NEVER;
            boolean found = false;
            for (int i = 0; i < rules.length; i++) {
                // asked as if complete: whoever resolves early has seen that every answer gives the same threshold
                if (tests[i].outlook(facts, true) != TraceTest.YES) {
                    continue;
                }
                int mark = into.mark();
                rules[i].resolve(facts, nowNanos, into);
                if (first) {
                    return;
                }
                if (!found || into.threshold < best) {
                    best = into.threshold;
                    into.dropBetween(start, mark);
                } else {
                    into.dropFrom(mark);
                }
                found = true;
            }
            into.threshold = best;
        }

        @Override
        long least(TraceFacts facts) {
            long least = Threshold.NEVER;
            for (int i = 0; i < rules.length; i++) {
                int outlook = tests[i].outlook(facts, false);
                if (outlook != TraceTest.NO) {
                    least = Math.min(least, rules[i].least(facts));
                }
                if (first && outlook == TraceTest.YES) {
                    break;
                }
            }
            return least;
        }

        /** With one that holds for good, no greater than its threshold; else any of the open ones may be alone. */
        @Override
        long greatest(TraceFacts facts) {
            long ofOpen = Threshold.ALWAYS;
            long ofCertain = Threshold.NEVER;
            boolean certain = false;
            for (int i = 0; i < rules.length; i++) {
                int outlook = tests[i].outlook(facts, false);
                if (outlook == TraceTest.NO) {
                    continue;
                }
                long greatest = rules[i].greatest(facts);
                ofOpen = Math.max(ofOpen, greatest);
                if (outlook == TraceTest.YES) {
                    certain = true;
                    ofCertain = Math.min(ofCertain, greatest);
                    if (first) {
                        return ofOpen;
                    }
                }
            }
            return certain ? ofCertain : ofOpen;
        }
    }
}
