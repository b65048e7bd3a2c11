package dev.weir.sample.policy;

import dev.weir.otlp.SpanView;
import org.jspecify.annotations.Nullable;

/** A condition about a field of the span that has a number in it, and the bit it sets. */
final class FieldTest {

    private enum Field {
        KIND,
        STATUS,
        DURATION,
        ROOT,
        FLAGS
    }

    private final Field field;
    private final long first;
    private final long second;
    private final int word;
    private final long mask;

    private FieldTest(Field field, long first, long second, int bit) {
        this.field = field;
        this.first = first;
        this.second = second;
        this.word = bit >> 6;
        this.mask = 1L << bit;
    }

    /** Null when the condition is about something else. */
    static @Nullable FieldTest of(SpanCondition condition, int bit) {
        return switch (condition) {
            case SpanCondition.Kind kind -> new FieldTest(Field.KIND, kind.mask(), 0, bit);
            case SpanCondition.Status status -> new FieldTest(Field.STATUS, status.mask(), 0, bit);
            case SpanCondition.Duration duration ->
                new FieldTest(Field.DURATION, duration.atLeast(), duration.atMost(), bit);
            case SpanCondition.Root _ -> new FieldTest(Field.ROOT, 0, 0, bit);
            case SpanCondition.Flags flags -> new FieldTest(Field.FLAGS, flags.mask(), flags.value(), bit);
            default -> null;
        };
    }

    void test(SpanView span, long[] bits) {
        boolean holds = switch (field) {
            case KIND -> (1L << (span.kind() < 0 || span.kind() > 5 ? 0 : span.kind()) & first) != 0;
            case STATUS ->
                (1L << (span.statusCode() < 0 || span.statusCode() > 2 ? 0 : span.statusCode()) & first) != 0;
            case DURATION -> {
                long nanos = span.durationNanos();
                long signed = nanos < 0 ? Long.MAX_VALUE : nanos;
                yield signed >= first && signed <= second;
            }
            case ROOT -> span.isRoot();
            case FLAGS -> (span.flags() & (int) first) == (int) second;
        };
        if (holds) {
            bits[word] |= mask;
        }
    }
}
