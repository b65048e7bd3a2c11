package dev.weir.otlp;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * What consistent sampling reads of a span, and the one thing it changes. A borrowed window: reusable, for one thread, never
 * stored; allocates nothing.
 */
public final class SpanSamplingView {

    private static final VarHandle BIG_ENDIAN =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private static final byte TRACE_ID_TAG = 1 << 3 | Wire.LENGTH;
    private static final byte TRACE_STATE_TAG = 3 << 3 | Wire.LENGTH;
    /** Of flags, the one field of a span whose tag has two bytes. */
    private static final byte FLAGS_TAG = (byte) (16 << 3 | 0x80 | Wire.FIXED32);

    private static final byte FLAGS_TAG_END = 16 >> 4;

    /** Bytes of a field of fixed size and a length that is looked at before its place is checked. */
    private static final int LONGEST_STEP = 1 + Long.BYTES;

    private static final int MAX_PREFIX = 1 + 3;

    private final FieldCursor field = new FieldCursor();
    private final OtelTraceState traceState = new OtelTraceState();
    private final byte[] state = new byte[MAX_PREFIX + OtelTraceState.MAX_WRITTEN];
    private byte[] bytes = {};
    private int from;
    private int to;
    private long traceIdLow;
    private int traceStateFields;
    private int stateStart;
    private int fieldStart;
    private int fieldEnd;

    /** Reads the body of a span that a {@link RequestScanner} found valid. */
    public SpanSamplingView reset(byte[] source, int bodyFrom, int bodyTo) {
        bytes = source;
        from = bodyFrom;
        to = bodyTo;
        traceIdLow = 0;
        traceStateFields = 0;
        stateStart = bodyFrom;
        fieldStart = fieldEnd = bodyFrom;
        read(source, bodyFrom, bodyTo);
        traceState.reset(source, stateStart, traceStateFields == 0 ? stateStart : fieldEnd);
        return this;
    }

    /** Steps over the fields that senders write, in their usual form, by itself; leaves the others to the cursor. */
    private void read(byte[] b, int bodyFrom, int bodyTo) {
        int p = bodyFrom;
        while (bodyTo - p > LONGEST_STEP) {
            int tag = b[p];
            int length = b[p + 1];
            if ((tag & (0x80 | 7)) == Wire.LENGTH && length >= 0) {
                int end = p + 2 + length;
                if (end > bodyTo) {
                    break;
                }
                if (tag == TRACE_STATE_TAG || tag == TRACE_ID_TAG) {
                    take(tag, p, p + 2, end);
                }
                p = end;
            } else if ((tag & (0x80 | 7)) == Wire.FIXED64) {
                p += 1 + Long.BYTES;
            } else if ((tag & (0x80 | 7)) == Wire.VARINT && length >= 0) {
                p += 2;
            } else if (tag == FLAGS_TAG && length == FLAGS_TAG_END) {
                p += 2 + Integer.BYTES;
            } else {
                field.reset(b, p, bodyTo);
                field.next();
                take(field.tag(), p, field.valueStart(), field.valueEnd());
                p = field.valueEnd();
            }
        }
        field.reset(b, p, bodyTo);
        while (field.next()) {
            take(field.tag(), field.fieldStart(), field.valueStart(), field.valueEnd());
        }
    }

    private void take(int tag, int start, int valueStart, int valueEnd) {
        if (tag == TRACE_STATE_TAG) {
            traceStateFields++;
            fieldStart = start;
            stateStart = valueStart;
            fieldEnd = valueEnd;
        } else if (tag == TRACE_ID_TAG) {
            traceIdLow = valueEnd - valueStart == IdSizes.TRACE_ID_BYTES
                    ? (long) BIG_ENDIAN.get(bytes, valueStart + Long.BYTES)
                    : 0;
        }
    }

    /** Last eight bytes of the trace id, big endian. */
    public long traceIdLow() {
        return traceIdLow;
    }

    public OtelTraceState traceState() {
        return traceState;
    }

    /**
     * Gives the span this threshold.
     *
     * @param threshold 56 bits, or {@link OtelTraceState#NO_THRESHOLD} to take its own away
     * @return false, and nothing is changed, when that cannot be written
     */
    public boolean setThreshold(long threshold, RequestRewriter.ItemEdit edit) {
        int end = traceState.write(threshold, state, MAX_PREFIX);
        if (end == OtelTraceState.UNWRITABLE) {
            return false;
        }
        if (traceStateFields == 1) {
            edit.cut(fieldStart, fieldEnd);
        } else if (traceStateFields > 1) {
            cutAll(edit);
        }
        int length = end - MAX_PREFIX;
        if (length > 0) {
            int prefix = 1 + Wire.varintLength(length);
            int start = MAX_PREFIX - prefix;
            Wire.putPrefix(state, start, TRACE_STATE_TAG, length);
            edit.append(state, start, end);
        }
        return true;
    }

    /** Protobuf lets a singular field stand several times; only the last counts. */
    private void cutAll(RequestRewriter.ItemEdit edit) {
        field.reset(bytes, from, to);
        while (field.next()) {
            if (field.tag() == TRACE_STATE_TAG) {
                edit.cut(field.fieldStart(), field.valueEnd());
            }
        }
    }
}
