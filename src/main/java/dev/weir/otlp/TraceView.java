package dev.weir.otlp;

/** A cursor over the spans of a valid trace request. */
public final class TraceView {
    public TraceView reset(byte[] validRequest) {
        throw new UnsupportedOperationException();
    }
    /** Moves to the next span; false after the last. */
    public boolean next() {
        throw new UnsupportedOperationException();
    }

    public byte[] bytes() {
        throw new UnsupportedOperationException();
    }

    public int resourceStart() {
        throw new UnsupportedOperationException();
    }

    public int resourceEnd() {
        throw new UnsupportedOperationException();
    }

    public int resourceSchemaUrlStart() {
        throw new UnsupportedOperationException();
    }

    public int resourceSchemaUrlEnd() {
        throw new UnsupportedOperationException();
    }

    public int scopeStart() {
        throw new UnsupportedOperationException();
    }

    public int scopeEnd() {
        throw new UnsupportedOperationException();
    }

    public int scopeSchemaUrlStart() {
        throw new UnsupportedOperationException();
    }

    public int scopeSchemaUrlEnd() {
        throw new UnsupportedOperationException();
    }

    public int spanStart() {
        throw new UnsupportedOperationException();
    }

    public int spanEnd() {
        throw new UnsupportedOperationException();
    }

    public long traceIdHigh() {
        throw new UnsupportedOperationException();
    }

    public long traceIdLow() {
        throw new UnsupportedOperationException();
    }

    public long spanId() {
        throw new UnsupportedOperationException();
    }
    /** 0 = root. */
    public long parentSpanId() {
        throw new UnsupportedOperationException();
    }

    public int kind() {
        throw new UnsupportedOperationException();
    }

    public int flags() {
        throw new UnsupportedOperationException();
    }

    public long startNanos() {
        throw new UnsupportedOperationException();
    }

    public long endNanos() {
        throw new UnsupportedOperationException();
    }

    public int statusCode() {
        throw new UnsupportedOperationException();
    }

    public int nameStart() {
        throw new UnsupportedOperationException();
    }

    public int nameEnd() {
        throw new UnsupportedOperationException();
    }

    public String name() {
        throw new UnsupportedOperationException();
    }

    public int traceStateStart() {
        throw new UnsupportedOperationException();
    }

    public int traceStateEnd() {
        throw new UnsupportedOperationException();
    }
}
