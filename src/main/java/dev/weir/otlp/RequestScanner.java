package dev.weir.otlp;

import org.jspecify.annotations.Nullable;

/**
 * Validates a whole request in one pass, with everything nested in it, and counts its items. Requests of several
 * senders are merged into one batch, so one sender's bad bytes must be found here.
 *
 * <p>A malformed request is an {@link OtlpFormatException}: a length past the end, field number 0, a group, a varint
 * over 10 bytes or 64 bits, messages nested over 32 deep (the request is level 1). Fields may stand in any order; of a
 * repeated singular field the last one counts; unknown fields are skipped.
 *
 * <p>A span whose trace id or span id has the wrong size or is all zero does not make the request malformed: it is
 * counted, and {@link #withoutRejected} leaves it out. Ids of log records are optional and not looked at.
 *
 * <p>Reusable; for one thread. Allocates nothing for a span that is valid.
 */
public final class RequestScanner {

    public static final String INVALID_TRACE_ID = "invalid_trace_id";
    public static final String INVALID_SPAN_ID = "invalid_span_id";

    private static final int RESOURCE_LEVEL = 2;
    private static final int SCOPE_LEVEL = 3;
    private static final int ITEM_LEVEL = 4;

    private static final byte FIRST_FIELD = 0x0a;
    private static final byte SECOND_FIELD = 0x12;

    private final RejectedSpans rejectedSpans = new RejectedSpans();
    private byte[] bytes = {};
    private RequestType type = RequestType.TRACES;
    private int items;
    private int rejectedForTraceId;
    private int rejectedForSpanId;
    private @Nullable String rejectedReason;

    /**
     * Validates the request and returns the number of its valid items: spans with valid ids, data points, log records.
     *
     * @throws OtlpFormatException when the bytes are no request of this type; the counts then mean nothing
     */
    public int scan(RequestType requestType, byte[] request) throws OtlpFormatException {
        type = requestType;
        bytes = request;
        items = 0;
        rejectedForTraceId = 0;
        rejectedForSpanId = 0;
        rejectedReason = null;
        rejectedSpans.clear();
        int p = 0;
        while (p < request.length) {
            if (request[p] == FIRST_FIELD) {
                long content = Wire.content(request, p + 1, request.length);
                p = Wire.contentEnd(content);
                resourceItems(request, Wire.contentStart(content), p);
            } else {
                p = MessageValidator.field(request, p, request.length, KnownMessages.NONE, 1);
            }
        }
        return items;
    }

    /** Spans of the last request that are to be refused; always 0 for metrics and logs. */
    public int rejected() {
        return rejectedForTraceId + rejectedForSpanId;
    }

    /** Why the first of them is refused: {@link #INVALID_TRACE_ID} or {@link #INVALID_SPAN_ID}; null without any. */
    public @Nullable String rejectedReason() {
        return rejectedReason;
    }

    /** Spans of the last request whose trace id is invalid, whatever their span id. */
    public int rejectedForTraceId() {
        return rejectedForTraceId;
    }

    /** Spans of the last request whose span id alone is invalid. */
    public int rejectedForSpanId() {
        return rejectedForSpanId;
    }

    /**
     * The last request without its rejected spans: lengths corrected, everything else byte for byte. The very same
     * array when nothing is rejected.
     */
    public byte[] withoutRejected() {
        return rejected() == 0 ? bytes : rejectedSpans.removedFrom(bytes);
    }

    /** ResourceSpans, ResourceMetrics or ResourceLogs. */
    private void resourceItems(byte[] b, int from, int to) throws OtlpFormatException {
        int p = from;
        while (p < to) {
            int tag = b[p];
            if (tag == SECOND_FIELD) {
                long content = Wire.content(b, p + 1, to);
                p = Wire.contentEnd(content);
                scopeItems(b, Wire.contentStart(content), p);
            } else if (tag == FIRST_FIELD) {
                p = MessageValidator.known(b, p + 1, to, KnownMessages.RESOURCE, RESOURCE_LEVEL + 1);
            } else {
                p = MessageValidator.field(b, p, to, KnownMessages.NONE, RESOURCE_LEVEL);
            }
        }
    }

    /** ScopeSpans, ScopeMetrics or ScopeLogs. */
    private void scopeItems(byte[] b, int from, int to) throws OtlpFormatException {
        int p = from;
        while (p < to) {
            int tag = b[p];
            if (tag == SECOND_FIELD) {
                long content = Wire.content(b, p + 1, to);
                int start = p;
                p = Wire.contentEnd(content);
                item(b, start, Wire.contentStart(content), p);
            } else if (tag == FIRST_FIELD) {
                p = MessageValidator.known(b, p + 1, to, KnownMessages.SCOPE, SCOPE_LEVEL + 1);
            } else {
                p = MessageValidator.field(b, p, to, KnownMessages.NONE, SCOPE_LEVEL);
            }
        }
    }

    private void item(byte[] b, int fieldStart, int from, int to) throws OtlpFormatException {
        switch (type) {
            case TRACES -> {
                int valid = SpanValidator.span(b, from, to, ITEM_LEVEL);
                if (valid == SpanValidator.VALID) {
                    items++;
                } else {
                    reject(fieldStart, to, valid == SpanValidator.INVALID_TRACE_ID);
                }
            }
            case LOGS -> {
                MessageValidator.message(b, from, to, KnownMessages.LOG_RECORD, ITEM_LEVEL);
                items++;
            }
            case METRICS -> {
                MessageValidator.message(b, from, to, KnownMessages.METRIC, ITEM_LEVEL);
                items += DataPoints.inMetric(b, from, to);
            }
        }
    }

    private void reject(int from, int to, boolean forTraceId) {
        if (forTraceId) {
            rejectedForTraceId++;
        } else {
            rejectedForSpanId++;
        }
        if (rejectedReason == null) {
            rejectedReason = forTraceId ? INVALID_TRACE_ID : INVALID_SPAN_ID;
        }
        rejectedSpans.add(from, to);
    }
}
