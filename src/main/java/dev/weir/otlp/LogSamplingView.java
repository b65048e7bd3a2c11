package dev.weir.otlp;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What consistent sampling reads of a log record, and the one thing it changes: the attributes {@code sampling.randomness}
 * and {@code sampling.threshold}. A borrowed window: reusable, for one thread, never stored; allocates nothing.
 *
 * @see <a href="https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/main/processor/probabilisticsamplerprocessor">
 *     the Collector's probabilistic_sampler, whose attributes these are</a>
 */
public final class LogSamplingView {

    private static final VarHandle BIG_ENDIAN =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private static final byte[] RANDOMNESS = "sampling.randomness".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] THRESHOLD = "sampling.threshold".getBytes(StandardCharsets.US_ASCII);

    /** Bytes that {@link #write} adds at most. */
    public static final int MAX_THRESHOLD = 64;

    private static final byte ATTRIBUTES_TAG = 6 << 3 | Wire.LENGTH;
    private static final byte TRACE_ID_TAG = 9 << 3 | Wire.LENGTH;
    private static final byte KEY_TAG = 1 << 3 | Wire.LENGTH;
    private static final byte VALUE_TAG = 2 << 3 | Wire.LENGTH;
    private static final byte STRING_TAG = 1 << 3 | Wire.LENGTH;

    private final FieldCursor field = new FieldCursor();
    private final FieldCursor inner = new FieldCursor();
    private final byte[] attribute = new byte[MAX_THRESHOLD];
    private byte[] bytes = {};
    private int from;
    private int to;
    private boolean hasTraceId;
    private long traceIdHigh;
    private long traceIdLow;
    private long randomness;
    private long threshold;
    private boolean malformed;
    private int keyStart;
    private int keyEnd;
    private int valueStart;
    private int valueEnd;

    /** Reads the body of a log record that a {@link RequestScanner} found valid. */
    public LogSamplingView reset(byte[] source, int bodyFrom, int bodyTo) {
        bytes = source;
        from = bodyFrom;
        to = bodyTo;
        hasTraceId = false;
        traceIdHigh = 0;
        traceIdLow = 0;
        randomness = Hex56.INVALID;
        threshold = OtelTraceState.NO_THRESHOLD;
        malformed = false;
        field.reset(source, bodyFrom, bodyTo);
        while (field.next()) {
            switch (field.tag()) {
                case ATTRIBUTES_TAG -> readAttribute();
                case TRACE_ID_TAG -> readTraceId();
                default -> {}
            }
        }
        if (malformed) {
            randomness = Hex56.INVALID;
            threshold = OtelTraceState.NO_THRESHOLD;
        }
        return this;
    }

    /** Whether the record has a trace id that is not all zero. */
    public boolean hasTraceId() {
        return hasTraceId;
    }

    /** First eight bytes of the trace id, big endian. */
    public long traceIdHigh() {
        return traceIdHigh;
    }

    /** Last eight bytes of the trace id, big endian. */
    public long traceIdLow() {
        return traceIdLow;
    }

    /** Whether it has neither of the two attributes. */
    public boolean isPlain() {
        return !malformed && randomness < 0 && threshold < 0;
    }

    /** Whether one of the two attributes is a string that is no such number: then both say nothing. */
    public boolean isMalformed() {
        return malformed;
    }

    /** {@code sampling.randomness}, 56 bits; negative without. */
    public long randomness() {
        return randomness;
    }

    /** {@code sampling.threshold}, 56 bits; {@link OtelTraceState#NO_THRESHOLD} without. */
    public long threshold() {
        return threshold;
    }

    /**
     * Gives the record this {@code sampling.threshold} instead of its own.
     *
     * @param newThreshold 56 bits, or {@link OtelTraceState#NO_THRESHOLD} to take its own away
     */
    public void setThreshold(long newThreshold, RequestRewriter.ItemEdit edit) {
        field.reset(bytes, from, to);
        while (field.next()) {
            if (field.tag() == ATTRIBUTES_TAG) {
                readKeyValue();
                if (isKey(THRESHOLD)) {
                    edit.cut(field.fieldStart(), field.valueEnd());
                }
            }
        }
        if (newThreshold != OtelTraceState.NO_THRESHOLD) {
            edit.append(attribute, 0, writeAttribute(newThreshold));
        }
    }

    /**
     * Writes the record with this {@code sampling.threshold}: byte for byte where that is its own.
     *
     * @param newThreshold 56 bits, or {@link OtelTraceState#NO_THRESHOLD} for none
     * @param out has room for the record and {@link #MAX_THRESHOLD} more
     * @return where it ends
     */
    public int write(long newThreshold, byte[] out, int at) {
        if (newThreshold == threshold) {
            System.arraycopy(bytes, from, out, at, to - from);
            return at + to - from;
        }
        int end = at;
        int copied = from;
        field.reset(bytes, from, to);
        while (field.next()) {
            if (field.tag() == ATTRIBUTES_TAG) {
                readKeyValue();
                if (isKey(THRESHOLD)) {
                    System.arraycopy(bytes, copied, out, end, field.fieldStart() - copied);
                    end += field.fieldStart() - copied;
                    copied = field.valueEnd();
                }
            }
        }
        System.arraycopy(bytes, copied, out, end, to - copied);
        end += to - copied;
        if (newThreshold != OtelTraceState.NO_THRESHOLD) {
            int length = writeAttribute(newThreshold);
            System.arraycopy(attribute, 0, out, end, length);
            end += length;
        }
        return end;
    }

    private int writeAttribute(long newThreshold) {
        int digits = Hex56.length(newThreshold);
        long value = Wire.fieldLength(digits);
        int p = Wire.putPrefix(
                attribute, 0, ATTRIBUTES_TAG, Wire.fieldLength(THRESHOLD.length) + Wire.fieldLength(value));
        p = Wire.putPrefix(attribute, p, KEY_TAG, THRESHOLD.length);
        System.arraycopy(THRESHOLD, 0, attribute, p, THRESHOLD.length);
        p = Wire.putPrefix(attribute, p + THRESHOLD.length, VALUE_TAG, value);
        p = Wire.putPrefix(attribute, p, STRING_TAG, digits);
        return Hex56.write(newThreshold, attribute, p);
    }

    private void readTraceId() {
        hasTraceId = false;
        if (field.valueEnd() - field.valueStart() == IdSizes.TRACE_ID_BYTES) {
            traceIdLow = (long) BIG_ENDIAN.get(bytes, field.valueStart() + Long.BYTES);
            traceIdHigh = (long) BIG_ENDIAN.get(bytes, field.valueStart());
            hasTraceId = (traceIdHigh | traceIdLow) != 0;
        }
    }

    private void readAttribute() {
        readKeyValue();
        if (isKey(RANDOMNESS) && isString()) {
            randomness = valueEnd - valueStart == Hex56.MAX_DIGITS
                    ? Hex56.parse(bytes, valueStart, valueEnd)
                    : Hex56.INVALID;
            malformed |= randomness < 0;
        } else if (isKey(THRESHOLD) && isString()) {
            threshold = Hex56.parse(bytes, valueStart, valueEnd);
            malformed |= threshold < 0;
        }
    }

    private void readKeyValue() {
        keyStart = keyEnd = valueStart = valueEnd = field.valueStart();
        inner.reset(bytes, field.valueStart(), field.valueEnd());
        while (inner.next()) {
            if (inner.tag() == KEY_TAG) {
                keyStart = inner.valueStart();
                keyEnd = inner.valueEnd();
            } else if (inner.tag() == VALUE_TAG) {
                valueStart = inner.valueStart();
                valueEnd = inner.valueEnd();
            }
        }
    }

    private boolean isKey(byte[] key) {
        return keyEnd - keyStart == key.length && Arrays.equals(bytes, keyStart, keyEnd, key, 0, key.length);
    }

    /** Whether the AnyValue is a string; the value's range is then the text. */
    private boolean isString() {
        boolean string = false;
        int start = valueStart;
        int end = valueStart;
        inner.reset(bytes, valueStart, valueEnd);
        while (inner.next()) {
            string = inner.tag() == STRING_TAG;
            start = inner.valueStart();
            end = inner.valueEnd();
        }
        valueStart = start;
        valueEnd = end;
        return string;
    }
}
