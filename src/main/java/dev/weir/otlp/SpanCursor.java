package dev.weir.otlp;

/**
 * Walks the spans of a scanned trace request without reading them, for those who read spans in their own way. A borrowed
 * window: reusable, for one thread, never stored. Ranges are offsets into the request, without tag and length.
 */
public final class SpanCursor {

    private final ItemCursor cursor = new ItemCursor();
    private int scope;
    private boolean newScope;

    /** Stands before the first span of the request, which a {@link RequestScanner} found valid. */
    public SpanCursor reset(byte[] validRequest) {
        cursor.reset(validRequest);
        scope = -1;
        return this;
    }

    /** Moves to the next span; false after the last. */
    public boolean next() {
        if (!cursor.next()) {
            return false;
        }
        newScope = cursor.scopeGroupStart != scope;
        scope = cursor.scopeGroupStart;
        return true;
    }

    /** Whether the span is the first of its ScopeSpans. */
    public boolean isNewScope() {
        return newScope;
    }

    /** Body of the span. */
    public int from() {
        return cursor.item.valueStart();
    }

    public int to() {
        return cursor.item.valueEnd();
    }

    /** Body of the span's ResourceSpans. */
    public int resourceGroupFrom() {
        return cursor.resourceGroupStart;
    }

    public int resourceGroupTo() {
        return cursor.resourceGroupEnd;
    }

    /** Body of the span's ScopeSpans. */
    public int scopeGroupFrom() {
        return cursor.scopeGroupStart;
    }

    public int scopeGroupTo() {
        return cursor.scopeGroupEnd;
    }

    /** Body of the span's Resource. */
    public int resourceFrom() {
        return cursor.resourceStart;
    }

    public int resourceTo() {
        return cursor.resourceEnd;
    }

    /** Body of the span's InstrumentationScope. */
    public int scopeFrom() {
        return cursor.scopeStart;
    }

    public int scopeTo() {
        return cursor.scopeEnd;
    }
}
