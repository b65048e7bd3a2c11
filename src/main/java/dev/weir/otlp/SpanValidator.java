package dev.weir.otlp;

import org.jspecify.annotations.Nullable;

/**
 * Checks one span and its ids: the loop in which a scan spends its time. While it is there it says whether an
 * {@link AttributeSieve} catches the span, which costs less than half of going through the span again. For one thread.
 */
final class SpanValidator {

    private static final short[] FIELDS = KnownMessages.fieldsOf(KnownMessages.SPAN);

    /** The flags: the one field of a number over 15 that nearly all spans have; its tag's first byte, and all bytes of it. */
    private static final byte FLAGS_TAG = (byte) 0x85;

    private static final int FLAGS_BYTES = 2 + Integer.BYTES;

    private final @Nullable AttributeSieve sieve;
    private boolean caught;

    /** @param sieve null when nobody asks */
    SpanValidator(@Nullable AttributeSieve sieve) {
        this.sieve = sieve;
    }

    void clear() {
        caught = false;
    }

    /** Whether the sieve catches one of the spans since {@link #clear}. */
    boolean isCaught() {
        return caught;
    }

    /** Null when the span is valid. Each occurrence of an id must have its size, and the last trace and span id not be zero. */
    @Nullable
    Rejection span(byte[] b, int from, int end, int level) throws OtlpFormatException {
        boolean traceId = false;
        boolean spanId = false;
        boolean sizes = true;
        boolean parent = true;
        boolean links = true;
        AttributeSieve left = caught ? null : sieve;
        int p = from;
        while (p < end) {
            int tag = b[p];
            int start = p + 1;
            if (tag < 0) {
                if (end - p >= FLAGS_BYTES && b[p] == FLAGS_TAG && b[p + 1] == 1) {
                    p += FLAGS_BYTES;
                    continue;
                }
                start = Wire.tagEnd(b, p, end);
                tag = (int) Wire.varint(b, p);
            }
            switch (tag) {
                case 0x4a /* attributes */ -> {
                    p = PlainKeyValue.end(b, start, end);
                    if (p == 0) {
                        p = MessageValidator.anyKeyValue(b, start, end, level + 1);
                    }
                    if (left != null && left.catches(b, contentStart(b, start), p)) {
                        left = null;
                    }
                }
                case 0x39 /* start_time_unix_nano */, 0x41 /* end_time_unix_nano */ -> {
                    p = start + Long.BYTES;
                    if (p > end || p < 0) {
                        throw new OtlpFormatException(end, "truncated fixed-width field");
                    }
                }
                case 0x0a /* trace_id */ -> {
                    p = id(b, start, end, IdSizes.TRACE_ID_BYTES);
                    int length = Wire.length(b, start);
                    traceId = length == IdSizes.TRACE_ID_BYTES
                            && (Wire.fixed64(b, p - IdSizes.TRACE_ID_BYTES) | Wire.fixed64(b, p - Long.BYTES)) != 0;
                    sizes &= length == IdSizes.TRACE_ID_BYTES || length == 0;
                }
                case 0x12 /* span_id */ -> {
                    p = id(b, start, end, IdSizes.SPAN_ID_BYTES);
                    int length = Wire.length(b, start);
                    spanId = length == IdSizes.SPAN_ID_BYTES && Wire.fixed64(b, p - IdSizes.SPAN_ID_BYTES) != 0;
                    sizes &= length == IdSizes.SPAN_ID_BYTES || length == 0;
                }
                case 0x22 /* parent_span_id */ -> {
                    p = id(b, start, end, IdSizes.SPAN_ID_BYTES);
                    int length = Wire.length(b, start);
                    parent &= length == IdSizes.SPAN_ID_BYTES || length == 0;
                }
                case 0x6a /* links */ -> {
                    p = MessageValidator.known(b, start, end, KnownMessages.LINK, level + 1);
                    links &= isLink(b, start, end);
                }
                case 0x30 /* kind */ -> p = start < end && b[start] >= 0 ? start + 1 : Wire.varintEnd(b, start, end);
                case 0x1a /* trace_state */, 0x2a /* name */ -> p = MessageValidator.opaque(b, start, end);
                default -> p = MessageValidator.value(b, tag, start, end, FIELDS, level);
            }
        }
        caught = left == null;
        if (traceId && spanId && sizes && parent && links) {
            return null;
        }
        if (!traceId) {
            return Rejection.INVALID_TRACE_ID;
        }
        if (!spanId) {
            return Rejection.INVALID_SPAN_ID;
        }
        return !sizes
                ? Rejection.INVALID_TRACE_ID
                : !parent ? Rejection.INVALID_PARENT_SPAN_ID : Rejection.INVALID_LINK;
    }

    /**
     * Checks the length at {@code at} and returns the end of the id. That of a usual one is known without its length: what
     * comes next need not wait for it.
     */
    private static int id(byte[] b, int at, int end, int usual) throws OtlpFormatException {
        return end - at > usual && b[at] == usual ? at + 1 + usual : MessageValidator.opaque(b, at, end);
    }

    /** Of a field that has been checked, whose length prefix is at {@code at}. */
    private static int contentStart(byte[] b, int at) {
        return b[at] >= 0 ? at + 1 : AttributeSieve.afterVarint(b, at);
    }

    /** Whether the ids of a well-formed link, whose length prefix is at {@code at}, have their sizes. */
    private static boolean isLink(byte[] b, int at, int end) throws OtlpFormatException {
        long content = Wire.content(b, at, end);
        return !IdSizes.isAnyWrong(b, Wire.contentStart(content), Wire.contentEnd(content), IdSizes.OF_LINK);
    }
}
