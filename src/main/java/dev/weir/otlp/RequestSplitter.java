package dev.weir.otlp;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a request into several that fit a destination's message limit. Each part repeats the resource and scope of its
 * items; order is kept. No part is over the limit but one whose single item, with its resource and scope, is; a metric
 * over the limit is cut between its data points.
 *
 * <p>A large resource with many items would be repeated until the memory is gone: the parts together may have at most
 * twice the bytes of the request and one part (at least 64 KiB) more.
 */
public final class RequestSplitter {

    /** A small request may be repeated more often: it takes no memory worth speaking of. */
    private static final int SLACK_BYTES = 64 << 10;

    private final RequestType type;
    private final byte[] source;
    private final int maxBytes;
    /** Whether the parts are only measured. */
    private final boolean measuring;

    private final List<Part> parts = new ArrayList<>();

    private final Ranges resourceHeader = new Ranges();
    private final Ranges scopeHeader = new Ranges();

    private MessageGroup request = MessageGroup.request();
    private @Nullable MessageGroup resource;
    private @Nullable MessageGroup scope;
    /** Something was placed in the part that is being filled. */
    private boolean filled;

    private int items;
    /** Bytes of the part's finished Resource*, and of the current Resource*'s finished Scope*. */
    private long closedResources;

    private long closedScopes;

    /** What the parts may still take together. */
    private long bytesLeft;

    private boolean cutsMetric;

    private RequestSplitter(RequestType type, byte[] source, int maxBytes, boolean measuring) {
        this.type = type;
        this.source = source;
        this.maxBytes = maxBytes;
        this.measuring = measuring;
        bytesLeft = mostBytes(source.length, maxBytes);
    }

    /** The most bytes that all parts together may have. */
    public static long mostBytes(int length, int maxBytes) {
        return 2L * length + Math.max(maxBytes, SLACK_BYTES);
    }

    private TooScatteredException tooScattered() {
        return new TooScatteredException(source.length, maxBytes, mostBytes(source.length, maxBytes));
    }

    /**
     * One of the requests.
     *
     * @param bytes a valid request
     * @param items spans, data points or log records in it
     */
    public record Part(byte[] bytes, int items) {}

    /** The parts would repeat so much that they may not be held together. */
    public static final class TooScatteredException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        TooScatteredException(long sourceBytes, int maxBytes, long mostBytes) {
            super(
                    "a request of " + sourceBytes + " bytes in parts of at most " + maxBytes + " bytes takes over "
                            + mostBytes + " bytes, because each part repeats the resource and scope of its items",
                    null,
                    false,
                    false);
        }
    }

    /**
     * Splits the request; a request that fits is the only part, unchanged.
     *
     * @param validRequest bytes that a {@link RequestScanner} found valid
     * @param maxBytes the most bytes of a part
     * @throws TooScatteredException when the parts together would have over {@code 2 × length + max(maxBytes, 64 KiB)} bytes
     */
    public static List<Part> split(RequestType type, byte[] validRequest, int maxBytes) {
        RequestSplitter splitter = new RequestSplitter(type, validRequest, maxBytes, false);
        if (validRequest.length <= maxBytes) {
            return List.of(new Part(validRequest, splitter.countAll()));
        }
        splitter.splitRequest();
        return splitter.parts;
    }

    /**
     * The bytes that {@link #split} is about to take for all parts together, without copying any: exact, but {@link
     * #mostBytes} when a metric has to be cut between its data points.
     *
     * @throws TooScatteredException as {@link #split}
     */
    public static long splitBytes(RequestType type, byte[] validRequest, int maxBytes) {
        if (validRequest.length <= maxBytes) {
            return validRequest.length;
        }
        RequestSplitter splitter = new RequestSplitter(type, validRequest, maxBytes, true);
        long most = splitter.bytesLeft;
        splitter.splitRequest();
        return splitter.cutsMetric ? most : most - splitter.bytesLeft;
    }

    private int countAll() {
        int count = 0;
        ItemCursor cursor = new ItemCursor();
        cursor.reset(source);
        while (cursor.next()) {
            count += itemsIn(cursor.item.valueStart(), cursor.item.valueEnd());
        }
        return count;
    }

    private void splitRequest() {
        FieldCursor field = new FieldCursor().reset(source, 0, source.length);
        while (field.next()) {
            if (field.isContent(RequestFields.RESOURCES)) {
                splitResource(field.valueStart(), field.valueEnd());
            } else {
                placeUnknown(field.fieldStart(), field.valueEnd());
            }
        }
        finishPart();
    }

    private void splitResource(int from, int to) {
        boolean scopes = readHeader(resourceHeader, from, to, RequestFields.SCOPES);
        if (!scopes) {
            place(source, from, from, 0, false);
        }
        FieldCursor field = new FieldCursor().reset(source, from, to);
        while (field.next()) {
            if (field.isContent(RequestFields.SCOPES)) {
                splitScope(field.valueStart(), field.valueEnd());
            }
        }
        closeResource();
    }

    private void splitScope(int from, int to) {
        boolean any = readHeader(scopeHeader, from, to, RequestFields.ITEMS);
        if (!any) {
            place(source, from, from, 0, true);
        }
        FieldCursor field = new FieldCursor().reset(source, from, to);
        while (field.next()) {
            if (field.isContent(RequestFields.ITEMS)) {
                placeItem(field);
            }
        }
        closeScope();
    }

    private boolean readHeader(Ranges header, int from, int to, int children) {
        boolean any = false;
        header.clear();
        FieldCursor field = new FieldCursor().reset(source, from, to);
        while (field.next()) {
            if (field.isContent(children)) {
                any = true;
            } else {
                header.add(source, field.fieldStart(), field.valueEnd());
            }
        }
        return any;
    }

    private void placeItem(FieldCursor field) {
        int count = itemsIn(field.valueStart(), field.valueEnd());
        int from = field.fieldStart();
        int to = field.valueEnd();
        if (type == RequestType.METRICS && count > 1 && aloneLength(to - from) > maxBytes) {
            if (measuring) {
                cutsMetric = true; // its pieces are copies, which a measurement must not make
                return;
            }
            long overhead = aloneLength(to - from) - (to - from);
            List<Part> pieces =
                    MetricSplitter.split(source, field.valueStart(), field.valueEnd(), maxBytes - overhead, bytesLeft);
            if (pieces.isEmpty()) {
                throw tooScattered();
            }
            for (Part piece : pieces) {
                place(piece.bytes(), 0, piece.bytes().length, piece.items(), true);
            }
        } else {
            place(source, from, to, count, true);
        }
    }

    /** Puts the item into the part, or into a new one when the part is full. */
    private void place(byte[] bytes, int from, int to, int count, boolean inScope) {
        if (filled && lengthWith(to - from, inScope) > maxBytes) {
            finishPart();
        }
        if (resource == null) {
            resource = MessageGroup.resource();
            resource.header.addAll(resourceHeader);
            request.children.add(resource);
        }
        if (inScope) {
            if (scope == null) {
                scope = MessageGroup.scope();
                scope.header.addAll(scopeHeader);
                resource.children.add(scope);
            }
            scope.items.add(bytes, from, to);
        }
        items += count;
        filled = true;
    }

    private void placeUnknown(int from, int to) {
        if (filled && request.header.length() + closedResources + to - from > maxBytes) {
            finishPart();
        }
        request.header.add(source, from, to);
        filled = true;
    }

    /** Length of the part with that many more bytes of the current scope, or with the current resource alone. */
    private long lengthWith(int more, boolean inScope) {
        long inResource = resourceHeader.length() + closedScopes;
        if (inScope) {
            long placed = scope == null ? 0 : scope.items.length();
            inResource += Wire.fieldLength(scopeHeader.length() + placed + more);
        }
        return request.header.length() + closedResources + Wire.fieldLength(inResource);
    }

    /** Length of a part with nothing but one item of the current scope. */
    private long aloneLength(int length) {
        return Wire.fieldLength(resourceHeader.length() + Wire.fieldLength(scopeHeader.length() + length));
    }

    private void closeScope() {
        if (scope != null) {
            closedScopes += Wire.fieldLength(scope.header.length() + scope.items.length());
            scope = null;
        }
    }

    private void closeResource() {
        if (resource != null) {
            closedResources += Wire.fieldLength(resource.header.length() + closedScopes);
            resource = null;
            closedScopes = 0;
        }
    }

    private void finishPart() {
        if (filled) {
            bytesLeft -= request.measure();
            if (bytesLeft < 0) {
                throw tooScattered();
            }
            if (!measuring) {
                parts.add(new Part(request.toBytes(), items));
            }
        }
        request = MessageGroup.request();
        resource = null;
        scope = null;
        closedResources = 0;
        closedScopes = 0;
        items = 0;
        filled = false;
    }

    private int itemsIn(int from, int to) {
        return type == RequestType.METRICS ? DataPoints.inMetric(source, from, to) : 1;
    }
}
