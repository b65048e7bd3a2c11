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

    private static final byte TRACE_STATE_TAG = 3 << 3 | Wire.LENGTH;
    private static final int MAX_PREFIX = 1 + 3;

    private final FieldCursor field = new FieldCursor();
    private final OtelTraceState traceState = new OtelTraceState();
    private final byte[] state = new byte[MAX_PREFIX + OtelTraceState.MAX_WRITTEN];
    private byte[] bytes = {};
    private int from;
    private int to;
    private long traceIdLow;
    private int traceStateFields;
    private int fieldStart;
    private int fieldEnd;

    /** Reads the body of a span that a {@link RequestScanner} found valid. */
    public SpanSamplingView reset(byte[] source, int bodyFrom, int bodyTo) {
        bytes = source;
        from = bodyFrom;
        to = bodyTo;
        traceIdLow = 0;
        traceStateFields = 0;
        int stateStart = bodyFrom;
        fieldStart = fieldEnd = bodyTo;
        field.reset(source, bodyFrom, bodyTo);
        while (field.next()) {
            switch (field.tag()) {
                case 0x0a /* trace_id */ -> traceIdLow = low(source);
                case 0x1a /* trace_state */ -> {
                    traceStateFields++;
                    fieldStart = field.fieldStart();
                    stateStart = field.valueStart();
                    fieldEnd = field.valueEnd();
                }
                default -> {}
            }
        }
        traceState.reset(source, stateStart, traceStateFields == 0 ? stateStart : fieldEnd);
        return this;
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

    private long low(byte[] source) {
        return field.valueEnd() - field.valueStart() == IdSizes.TRACE_ID_BYTES
                ? (long) BIG_ENDIAN.get(source, field.valueStart() + Long.BYTES)
                : 0;
    }
}
