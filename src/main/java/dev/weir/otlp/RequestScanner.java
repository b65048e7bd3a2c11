package dev.weir.otlp;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/**
 * Validates a whole request in one pass, with everything nested in it, and counts its items. Requests of several
 * senders are merged into one batch, so one sender's bad bytes must be found here.
 *
 * <p>A malformed request is an {@link OtlpFormatException}: a length past the end, field number 0, a group, a varint
 * over 10 bytes or 64 bits, messages nested over 32 deep (the request is level 1). Fields may stand in any order; of a
 * repeated singular field the last one counts; unknown fields are skipped.
 *
 * <p>A span whose trace id or span id has the wrong size or is all zero does not make the request malformed, nor does a
 * parent's or link's id, or an id of a log record, that is neither empty nor of its size: the item is counted as
 * rejected, and {@link #withoutRejected} leaves it out. An exemplar with such an id makes the request malformed.
 *
 * <p>Reusable; for one thread. Allocates nothing for a span that is valid.
 */
public final class RequestScanner {

    private static final Rejection[] REJECTIONS = Rejection.values();

    private static final int RESOURCE_LEVEL = 2;
    private static final int SCOPE_LEVEL = 3;
    private static final int ITEM_LEVEL = 4;

    private static final byte FIRST_FIELD = 0x0a;
    private static final byte SECOND_FIELD = 0x12;

    private final RejectedItems rejectedItems = new RejectedItems();
    private byte[] bytes = {};
    private RequestType type = RequestType.TRACES;
    private int items;
    private final int[] rejected = new int[REJECTIONS.length];

    /**
     * Validates the request and returns the number of its valid items: spans and log records with valid ids, data points.
     *
     * @throws OtlpFormatException when the bytes are no request of this type; the counts then mean nothing
     */
    public int scan(RequestType requestType, byte[] request) throws OtlpFormatException {
        type = requestType;
        bytes = request;
        items = 0;
        Arrays.fill(rejected, 0);
        rejectedItems.clear();
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

    /** Items of the last request that are to be refused; always 0 for metrics. */
    public int rejected() {
        int sum = 0;
        for (int count : rejected) {
            sum += count;
        }
        return sum;
    }

    /** How many are refused for what; an item counts once, for the first that is wrong in {@link Rejection}'s order. */
    public Map<Rejection, Integer> rejections() {
        if (rejected() == 0) {
            return Map.of();
        }
        Map<Rejection, Integer> rejections = new EnumMap<>(Rejection.class);
        for (Rejection rejection : REJECTIONS) {
            if (rejected[rejection.ordinal()] > 0) {
                rejections.put(rejection, rejected[rejection.ordinal()]);
            }
        }
        return rejections;
    }

    /**
     * The last request without its rejected items: lengths corrected, everything else byte for byte. The very same
     * array when nothing is rejected.
     */
    public byte[] withoutRejected() {
        return rejected() == 0 ? bytes : rejectedItems.removedFrom(bytes);
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
                Rejection rejection = SpanValidator.span(b, from, to, ITEM_LEVEL);
                if (rejection == null) {
                    items++;
                } else {
                    reject(fieldStart, to, rejection);
                }
            }
            case LOGS -> {
                MessageValidator.message(b, from, to, KnownMessages.LOG_RECORD, ITEM_LEVEL);
                if (IdSizes.isAnyWrong(b, from, to, IdSizes.OF_LOG_RECORD)) {
                    reject(fieldStart, to, Rejection.INVALID_LOG_ID);
                } else {
                    items++;
                }
            }
            case METRICS -> {
                MessageValidator.message(b, from, to, KnownMessages.METRIC, ITEM_LEVEL);
                items += DataPoints.inMetric(b, from, to);
            }
        }
    }

    private void reject(int from, int to, Rejection rejection) {
        rejected[rejection.ordinal()]++;
        rejectedItems.add(from, to);
    }
}
