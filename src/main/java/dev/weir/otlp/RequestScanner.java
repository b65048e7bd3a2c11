package dev.weir.otlp;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Validates a whole request in one pass, with everything nested in it, and counts its items. Requests of several
 * senders are merged into one batch, so one sender's bad bytes must be found here.
 *
 * <p>A malformed request is an {@link OtlpFormatException}: a length past the end, field number 0, a group, a varint
 * over 10 bytes or 64 bits, a tag or length over 5 bytes, a known field of a wrong wire type, messages nested over 32 deep
 * (the request is level 1). Fields may stand in any order, their tags may be longer than need be; of a repeated singular
 * field the last one counts; unknown fields are skipped. A metric whose data is missing or of an unknown kind is one item.
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

    private static final short[] REQUEST_FIELDS = KnownMessages.fieldsOf(KnownMessages.REQUEST);
    private static final short[] RESOURCE_FIELDS = KnownMessages.fieldsOf(KnownMessages.RESOURCE_ITEMS);
    private static final short[] SCOPE_FIELDS = KnownMessages.fieldsOf(KnownMessages.SCOPE_ITEMS);

    private final SpanValidator spans;
    private final RejectedItems rejectedItems = new RejectedItems();
    private byte[] bytes = {};
    private RequestType type = RequestType.TRACES;
    private int items;
    private final int[] rejected = new int[REJECTIONS.length];

    public RequestScanner() {
        this(null);
    }

    /** @param sieve which of a span's attributes {@link #isCaught} tells of; null for none */
    public RequestScanner(@Nullable AttributeSieve sieve) {
        spans = new SpanValidator(sieve);
    }

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
        spans.clear();
        int p = 0;
        while (p < request.length) {
            int start = p;
            int tag = request[p++];
            if (tag < 0) {
                p = Wire.tagEnd(request, start, request.length);
                tag = (int) Wire.varint(request, start);
            }
            if (tag == RequestFields.RESOURCES_TAG) {
                long content = Wire.content(request, p, request.length);
                p = Wire.contentEnd(content);
                resourceItems(request, Wire.contentStart(content), p);
            } else {
                p = MessageValidator.value(request, tag, p, request.length, REQUEST_FIELDS, 1);
            }
        }
        return items;
    }

    /** Whether the sieve catches a span of the last request; true too when that has not been looked for. */
    public boolean isCaught() {
        return type != RequestType.TRACES || spans.isCaught();
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

    /** The length of what {@link #withoutRejected} makes, in bytes. */
    public int lengthWithoutRejected() {
        return rejected() == 0 ? bytes.length : rejectedItems.lengthWithout(bytes);
    }

    /** ResourceSpans, ResourceMetrics or ResourceLogs. */
    private void resourceItems(byte[] b, int from, int to) throws OtlpFormatException {
        int p = from;
        while (p < to) {
            int start = p;
            int tag = b[p++];
            if (tag < 0) {
                p = Wire.tagEnd(b, start, to);
                tag = (int) Wire.varint(b, start);
            }
            if (tag == RequestFields.SCOPES_TAG) {
                long content = Wire.content(b, p, to);
                p = Wire.contentEnd(content);
                scopeItems(b, Wire.contentStart(content), p);
            } else {
                p = MessageValidator.value(b, tag, p, to, RESOURCE_FIELDS, RESOURCE_LEVEL);
            }
        }
    }

    /** ScopeSpans, ScopeMetrics or ScopeLogs. */
    private void scopeItems(byte[] b, int from, int to) throws OtlpFormatException {
        int p = from;
        while (p < to) {
            int start = p;
            int tag = b[p++];
            if (tag < 0) {
                p = Wire.tagEnd(b, start, to);
                tag = (int) Wire.varint(b, start);
            }
            if (tag == RequestFields.ITEMS_TAG) {
                long content = Wire.content(b, p, to);
                p = Wire.contentEnd(content);
                item(b, start, Wire.contentStart(content), p);
            } else {
                p = MessageValidator.value(b, tag, p, to, SCOPE_FIELDS, SCOPE_LEVEL);
            }
        }
    }

    private void item(byte[] b, int fieldStart, int from, int to) throws OtlpFormatException {
        switch (type) {
            case TRACES -> {
                Rejection rejection = spans.span(b, from, to, ITEM_LEVEL);
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
