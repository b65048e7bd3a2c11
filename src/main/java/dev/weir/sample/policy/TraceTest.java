package dev.weir.sample.policy;

import java.util.List;

/** A {@link TraceCondition}, ready to look at what is known of a trace. */
abstract class TraceTest {

    /** It does not hold, and nothing that could still come changes that. */
    static final int NO = -1;

    /** What comes may change it. */
    static final int OPEN = 0;

    /** It holds, and nothing that could still come changes that. */
    static final int YES = 1;

    /**
     * @param complete whether nothing more comes: then the answer is never {@link #OPEN}
     */
    abstract int outlook(TraceFacts facts, boolean complete);

    static TraceTest of(TraceCondition condition, SpanBits bits) {
        return switch (condition) {
            case TraceCondition.Always _ -> new All();
            case TraceCondition.Any any -> new Bit(bits.result(any.condition()));
            case TraceCondition.Count count ->
                new Between(count.atLeast(), count.atMost()) {
                    private final int index = bits.count(count.condition());

                    @Override
                    long value(TraceFacts facts) {
                        return facts.count(index);
                    }
                };
            case TraceCondition.Latency latency ->
                new Between(latency.atLeast(), latency.atMost()) {
                    @Override
                    long value(TraceFacts facts) {
                        long nanos = facts.endNanos() - facts.startNanos();
                        return nanos < 0 ? Long.MAX_VALUE : nanos;
                    }
                };
            case TraceCondition.SpanCount spans ->
                new Between(spans.atLeast(), spans.atMost()) {
                    @Override
                    long value(TraceFacts facts) {
                        return facts.spans();
                    }
                };
            case TraceCondition.ErrorCount errors ->
                new Between(errors.atLeast(), errors.atMost()) {
                    @Override
                    long value(TraceFacts facts) {
                        return facts.errors();
                    }
                };
            case TraceCondition.And and -> new All(all(and.conditions(), bits));
            case TraceCondition.Or or -> new OneOf(all(or.conditions(), bits));
            case TraceCondition.Not not -> new Negation(of(not.condition(), bits));
            case TraceCondition.NeedsSpans spans -> new Scan(spans.predicate());
        };
    }

    private static TraceTest[] all(List<TraceCondition> conditions, SpanBits bits) {
        return conditions.stream().map(c -> of(c, bits)).toArray(TraceTest[]::new);
    }

    private static final class Bit extends TraceTest {
        private final int word;
        private final long mask;

        Bit(int bit) {
            word = bit >> 6;
            mask = 1L << bit;
        }

        @Override
        int outlook(TraceFacts facts, boolean complete) {
            if ((facts.bits(word) & mask) != 0) {
                return YES;
            }
            return complete ? NO : OPEN;
        }
    }

    /** About a value that never falls while spans come. */
    private abstract static class Between extends TraceTest {
        private final long atLeast;
        private final long atMost;
        private final boolean bounded;

        Between(long atLeast, long atMost) {
            this.atLeast = atLeast;
            this.atMost = atMost;
            this.bounded = atMost != Long.MAX_VALUE;
        }

        /** A greatest int means that there is no upper bound. */
        Between(int atLeast, int atMost) {
            this(atLeast, atMost == Integer.MAX_VALUE ? Long.MAX_VALUE : (long) atMost);
        }

        abstract long value(TraceFacts facts);

        @Override
        int outlook(TraceFacts facts, boolean complete) {
            long value = value(facts);
            if (value > atMost) {
                return NO;
            }
            if (value < atLeast) {
                return complete ? NO : OPEN;
            }
            return complete || !bounded ? YES : OPEN;
        }
    }

    private static final class All extends TraceTest {
        private final TraceTest[] tests;

        All(TraceTest... tests) {
            this.tests = tests;
        }

        @Override
        int outlook(TraceFacts facts, boolean complete) {
            int least = YES;
            for (TraceTest test : tests) {
                int outlook = test.outlook(facts, complete);
                if (outlook == NO) {
                    return NO;
                }
                least = Math.min(least, outlook);
            }
            return least;
        }
    }

    private static final class OneOf extends TraceTest {
        private final TraceTest[] tests;

        OneOf(TraceTest... tests) {
            this.tests = tests;
        }

        @Override
        int outlook(TraceFacts facts, boolean complete) {
            int greatest = NO;
            for (TraceTest test : tests) {
                int outlook = test.outlook(facts, complete);
                if (outlook == YES) {
                    return YES;
                }
                greatest = Math.max(greatest, outlook);
            }
            return greatest;
        }
    }

    private static final class Negation extends TraceTest {
        private final TraceTest test;

        Negation(TraceTest test) {
            this.test = test;
        }

        @Override
        int outlook(TraceFacts facts, boolean complete) {
            return -test.outlook(facts, complete);
        }
    }

    private static final class Scan extends TraceTest {
        private final TraceCondition.TracePredicate predicate;

        Scan(TraceCondition.TracePredicate predicate) {
            this.predicate = predicate;
        }

        @Override
        int outlook(TraceFacts facts, boolean complete) {
            if (!complete) {
                return OPEN;
            }
            return predicate.test(facts) ? YES : NO;
        }
    }
}
