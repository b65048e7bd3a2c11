package dev.weir.sample.policy;

import java.util.List;

/**
 * A condition about a whole trace. Bounds are inclusive; {@link Integer#MAX_VALUE} and {@link Long#MAX_VALUE} stand for
 * no upper bound. Compared by what it says, not by identity.
 */
public sealed interface TraceCondition {

    /** Every trace. */
    record Always() implements TraceCondition {}

    /** At least one span fulfils it. */
    record Any(SpanCondition condition) implements TraceCondition {}

    /** So many spans fulfil it. */
    record Count(SpanCondition condition, int atLeast, int atMost) implements TraceCondition {}

    /** Nanoseconds from the first start to the last end. */
    record Latency(long atLeast, long atMost) implements TraceCondition {}

    /** The number of spans. */
    record SpanCount(int atLeast, int atMost) implements TraceCondition {}

    /** The number of spans whose status is error. */
    record ErrorCount(int atLeast, int atMost) implements TraceCondition {}

    /** All of them hold; of none: holds. */
    record And(List<TraceCondition> conditions) implements TraceCondition {
        public And {
            conditions = List.copyOf(conditions);
        }

        public And(TraceCondition... conditions) {
            this(List.of(conditions));
        }
    }

    /** One of them holds; of none: does not. */
    record Or(List<TraceCondition> conditions) implements TraceCondition {
        public Or {
            conditions = List.copyOf(conditions);
        }

        public Or(TraceCondition... conditions) {
            this(List.of(conditions));
        }
    }

    /** It does not hold. */
    record Not(TraceCondition condition) implements TraceCondition {}

    /**
     * A condition that must see the spans again: it costs a scan of the trace, and is never certain before the trace is
     * decided. In {@link And} and {@link Or} what stands before it is asked first.
     *
     * @param source what it is, for people, and what makes two of them equal
     */
    record NeedsSpans(String source, TracePredicate predicate) implements TraceCondition {
        @Override
        public boolean equals(Object other) {
            return other instanceof NeedsSpans that && source.equals(that.source);
        }

        @Override
        public int hashCode() {
            return source.hashCode();
        }
    }

    /** Looks at the spans of a trace. Called by many threads at once; must not throw. */
    interface TracePredicate {
        boolean test(TraceFacts facts);
    }
}
