package dev.weir.otlp;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The fields of one span of a scanned request, read in one pass, and where its attributes lie. A borrowed window: reusable,
 * for one thread, never stored. It allocates nothing. Of the first {@value #MOST_LISTED} attributes it says where they lie:
 * a sender may write millions of empty ones.
 *
 * <p>Ranges are offsets into the bytes that were read: start inclusive, end exclusive, without tag and length; an absent
 * field is an empty range, 0 or false. Of a repeated singular field, messages included, the last one counts.
 */
public final class SpanView {

    private static final VarHandle BIG_ENDIAN =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private static final int STATUS_CODE_TAG = 3 << 3 | Wire.VARINT;

    /** No span that an SDK made has more than its limit, 128 by default. */
    public static final int MOST_LISTED = 256;

    private final FieldCursor field = new FieldCursor();
    private long traceIdHigh;
    private long traceIdLow;
    private long spanId;
    private long parentSpanId;
    private int kind;
    private int flags;
    private long startNanos;
    private long endNanos;
    private int statusCode;
    private int nameStart;
    private int nameEnd;
    private int traceStateStart;
    private int traceStateEnd;
    private boolean hasEvents;
    private boolean hasLinks;
    private int attributes;
    /** Start and end of the body of each. */
    private final int[] attribute = new int[2 * MOST_LISTED];

    /**
     * Reads the span whose body lies there.
     *
     * @throws IllegalArgumentException when a field of it does not end before its end
     */
    public SpanView read(byte[] b, int from, int to) {
        clear(from);
        int p = from;
        while (p < to) {
            int start = p;
            int tag = b[p++];
            if (tag < 0) {
                p = afterVarint(b, start, to);
                tag = (int) Wire.varint(b, start);
            }
            int value = p;
            switch (tag & 7) {
                case Wire.LENGTH -> {
                    int length = p < to ? b[p] : 0;
                    if (length < 0) {
                        value = afterVarint(b, p, to);
                        long longer = Wire.varint(b, p);
                        length = longer > to - value ? Integer.MAX_VALUE : (int) longer;
                    } else {
                        value++;
                    }
                    if (length < 0 || length > to - value) {
                        throw notScanned(start);
                    }
                    p = value + length;
                    content(b, tag, value, p);
                }
                case Wire.FIXED64 -> {
                    p += Long.BYTES;
                    check(p, start, to);
                    if (tag == 0x39 /* start_time_unix_nano */) {
                        startNanos = Wire.fixed64(b, value);
                    } else if (tag == 0x41 /* end_time_unix_nano */) {
                        endNanos = Wire.fixed64(b, value);
                    }
                }
                case Wire.FIXED32 -> {
                    p += Integer.BYTES;
                    check(p, start, to);
                    if (tag == 0x85 /* flags */) {
                        flags = Wire.fixed32(b, value);
                    }
                }
                default -> {
                    p = afterVarint(b, p, to);
                    if (tag == 0x30 /* kind */) {
                        kind = (int) Wire.varint(b, value);
                    }
                }
            }
        }
        return this;
    }

    private void clear(int from) {
        traceIdHigh = traceIdLow = spanId = parentSpanId = 0;
        kind = flags = statusCode = 0;
        startNanos = endNanos = 0;
        nameStart = nameEnd = traceStateStart = traceStateEnd = from;
        attributes = 0;
        hasEvents = hasLinks = false;
    }

    private void content(byte[] b, int tag, int from, int to) {
        switch (tag) {
            case 0x4a /* attributes */ -> {
                if (attributes < MOST_LISTED) {
                    attribute[2 * attributes] = from;
                    attribute[2 * attributes + 1] = to;
                }
                attributes++;
            }
            case 0x0a /* trace_id */ -> {
                boolean isId = to - from == IdSizes.TRACE_ID_BYTES;
                traceIdHigh = isId ? (long) BIG_ENDIAN.get(b, from) : 0;
                traceIdLow = isId ? (long) BIG_ENDIAN.get(b, from + Long.BYTES) : 0;
            }
            case 0x12 /* span_id */ -> spanId = id(b, from, to);
            case 0x22 /* parent_span_id */ -> parentSpanId = id(b, from, to);
            case 0x1a /* trace_state */ -> {
                traceStateStart = from;
                traceStateEnd = to;
            }
            case 0x2a /* name */ -> {
                nameStart = from;
                nameEnd = to;
            }
            case 0x7a /* status */ -> statusCode = from == to ? 0 : statusCode(b, from, to);
            case 0x5a /* events */ -> hasEvents = true;
            case 0x6a /* links */ -> hasLinks = true;
            default -> {}
        }
    }

    private static long id(byte[] b, int from, int to) {
        return to - from == IdSizes.SPAN_ID_BYTES ? (long) BIG_ENDIAN.get(b, from) : 0;
    }

    private int statusCode(byte[] bytes, int from, int to) {
        int code = 0;
        field.reset(bytes, from, to);
        while (field.next()) {
            if (field.tag() == STATUS_CODE_TAG) {
                code = (int) field.varint();
            }
        }
        return code;
    }

    private static int afterVarint(byte[] b, int at, int to) {
        int p = at;
        while (p < to && b[p] < 0) {
            p++;
        }
        check(p + 1, at, to);
        return p + 1;
    }

    private static void check(int end, int start, int to) {
        if (end > to || end < start) {
            throw notScanned(start);
        }
    }

    private static IllegalArgumentException notScanned(int at) {
        return new IllegalArgumentException("not a scanned request: field at byte " + at);
    }

    /** First eight bytes of the trace id, big endian; 0 for an id of the wrong size. */
    public long traceIdHigh() {
        return traceIdHigh;
    }

    /** Last eight bytes of the trace id, big endian; 0 for an id of the wrong size. */
    public long traceIdLow() {
        return traceIdLow;
    }

    /** Big endian; 0 for an id of the wrong size. */
    public long spanId() {
        return spanId;
    }

    /** Big endian; 0 for a root span, and for an id of the wrong size. */
    public long parentSpanId() {
        return parentSpanId;
    }

    /** Whether the span has no parent. */
    public boolean isRoot() {
        return parentSpanId == 0;
    }

    /** SpanKind: 0 unspecified, 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
    public int kind() {
        return kind;
    }

    public int flags() {
        return flags;
    }

    /** Nanoseconds since the Unix epoch, unsigned. */
    public long startNanos() {
        return startNanos;
    }

    /** Nanoseconds since the Unix epoch, unsigned. */
    public long endNanos() {
        return endNanos;
    }

    /** From start to end, unsigned; 0 when it ends before it starts. */
    public long durationNanos() {
        return Long.compareUnsigned(endNanos, startNanos) < 0 ? 0 : endNanos - startNanos;
    }

    /** StatusCode: 0 unset, 1 ok, 2 error. */
    public int statusCode() {
        return statusCode;
    }

    public int nameStart() {
        return nameStart;
    }

    public int nameEnd() {
        return nameEnd;
    }

    public int traceStateStart() {
        return traceStateStart;
    }

    public int traceStateEnd() {
        return traceStateEnd;
    }

    public boolean hasEvents() {
        return hasEvents;
    }

    public boolean hasLinks() {
        return hasLinks;
    }

    /** How many KeyValues the span has. */
    public int attributes() {
        return attributes;
    }

    /** Body of a KeyValue, in the order in which they stand; of the first {@value #MOST_LISTED}. */
    public int attributeStart(int index) {
        return attribute[2 * index];
    }

    public int attributeEnd(int index) {
        return attribute[2 * index + 1];
    }
}
