package dev.weir.otlp;

/** Checks one span and its ids: the loop in which a scan spends its time. */
final class SpanValidator {

    static final int VALID = 0;
    static final int INVALID_TRACE_ID = 1;
    static final int INVALID_SPAN_ID = 2;

    private static final int TRACE_ID_BYTES = 16;
    private static final int SPAN_ID_BYTES = 8;

    private SpanValidator() {}

    static int span(byte[] b, int from, int end, int level) throws OtlpFormatException {
        boolean traceId = false;
        boolean spanId = false;
        int p = from;
        while (p < end) {
            switch (b[p]) {
                case 0x4a /* attributes */ -> p = MessageValidator.keyValue(b, p + 1, end, level + 1);
                case 0x39 /* start_time_unix_nano */, 0x41 /* end_time_unix_nano */ -> {
                    p += 1 + Long.BYTES;
                    if (p > end || p < 0) {
                        throw new OtlpFormatException(end, "truncated fixed-width field");
                    }
                }
                case 0x0a /* trace_id */ -> {
                    int start = p + 1;
                    p = MessageValidator.opaque(b, start, end);
                    traceId = p - start == 1 + TRACE_ID_BYTES
                            && (Wire.fixed64(b, p - TRACE_ID_BYTES) | Wire.fixed64(b, p - Long.BYTES)) != 0;
                }
                case 0x12 /* span_id */ -> {
                    int start = p + 1;
                    p = MessageValidator.opaque(b, start, end);
                    spanId = p - start == 1 + SPAN_ID_BYTES && Wire.fixed64(b, p - SPAN_ID_BYTES) != 0;
                }
                case 0x1a /* trace_state */, 0x22 /* parent_span_id */, 0x2a /* name */ ->
                    p = MessageValidator.opaque(b, p + 1, end);
                default -> p = MessageValidator.field(b, p, end, KnownMessages.fieldsOf(KnownMessages.SPAN), level);
            }
        }
        if (!traceId) {
            return INVALID_TRACE_ID;
        }
        return spanId ? VALID : INVALID_SPAN_ID;
    }
}
