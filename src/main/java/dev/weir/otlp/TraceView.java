package dev.weir.otlp;

import java.nio.charset.StandardCharsets;

/** A cursor over the spans of a scanned trace request. */
public final class TraceView extends ItemView {

    private final SpanView span = new SpanView();
    private int spanStart;
    private int spanEnd;

    /** Stands before the first span of the request, which a {@link RequestScanner} found valid. */
    public TraceView reset(byte[] validRequest) {
        cursor.reset(validRequest);
        return this;
    }

    /** Moves to the next span; false after the last. */
    public boolean next() {
        if (!cursor.next()) {
            return false;
        }
        read(cursor.bytes, cursor.item.valueStart(), cursor.item.valueEnd());
        return true;
    }

    /** Stands on a span by itself, whose body was in a valid request; it has no resource and no scope. */
    public TraceView resetToSpan(byte[] body, int from, int to) {
        cursor.reset(body, 0);
        read(body, from, to);
        return this;
    }

    private void read(byte[] bytes, int from, int to) {
        spanStart = from;
        spanEnd = to;
        span.read(bytes, from, to);
    }

    public int resourceSchemaUrlStart() {
        return cursor.resourceSchemaUrlStart;
    }

    public int resourceSchemaUrlEnd() {
        return cursor.resourceSchemaUrlEnd;
    }

    /** Body of the span's InstrumentationScope. */
    public int scopeStart() {
        return cursor.scopeStart;
    }

    public int scopeEnd() {
        return cursor.scopeEnd;
    }

    public int scopeSchemaUrlStart() {
        return cursor.scopeSchemaUrlStart;
    }

    public int scopeSchemaUrlEnd() {
        return cursor.scopeSchemaUrlEnd;
    }

    /** Body of the span, whose events and links {@link EventView} and {@link LinkView} read. */
    public int spanStart() {
        return spanStart;
    }

    public int spanEnd() {
        return spanEnd;
    }

    /** The span's fields, until {@link #next}. */
    public SpanView span() {
        return span;
    }

    /** Allocates. */
    public String name() {
        return new String(cursor.bytes, span.nameStart(), span.nameEnd() - span.nameStart(), StandardCharsets.UTF_8);
    }
}
