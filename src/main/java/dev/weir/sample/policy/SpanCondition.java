package dev.weir.sample.policy;

import java.util.List;

/** A condition about one span, with the resource and scope it belongs to. Compared by what it says, not by identity. */
public sealed interface SpanCondition {

    /** An attribute with this key has such a value. Where a key stands several times, any of them will do. */
    record Attribute(Place place, String key, ValueTest test) implements SpanCondition {}

    /** The span's name is such a string. */
    record Name(ValueTest test) implements SpanCondition {}

    /** The span's kind is one of these; a kind past 5 counts as 0. @param mask bit n: SpanKind n, see OTLP's Span.SpanKind */
    record Kind(int mask) implements SpanCondition {}

    /** The span's status is one of these. @param mask bit 0: unset, 1: ok, 2: error */
    record Status(int mask) implements SpanCondition {}

    /**
     * How long the span took; one that ends before it starts took no time.
     *
     * @param atLeast nanoseconds, included
     * @param atMost nanoseconds, included; {@link Long#MAX_VALUE} for no bound
     */
    record Duration(long atLeast, long atMost) implements SpanCondition {}

    /** The span has no parent. */
    record Root() implements SpanCondition {}

    /** {@code (flags & mask) == value}, of the span's 32 flag bits, see OTLP's SpanFlags. */
    record Flags(int mask, int value) implements SpanCondition {}

    /** The trace state has an entry with this key and such a value, which is a string. */
    record TraceState(String key, ValueTest test) implements SpanCondition {}

    /** All of them hold; of none: holds. */
    record And(List<SpanCondition> conditions) implements SpanCondition {
        public And {
            conditions = List.copyOf(conditions);
        }

        public And(SpanCondition... conditions) {
            this(List.of(conditions));
        }
    }

    /** One of them holds; of none: does not. */
    record Or(List<SpanCondition> conditions) implements SpanCondition {
        public Or {
            conditions = List.copyOf(conditions);
        }

        public Or(SpanCondition... conditions) {
            this(List.of(conditions));
        }
    }

    /** It does not hold. */
    record Not(SpanCondition condition) implements SpanCondition {}
}
