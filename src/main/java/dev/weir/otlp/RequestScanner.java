package dev.weir.otlp;

import org.jspecify.annotations.Nullable;

/** Validates a whole request in one pass. Reusable; for one thread. */
public final class RequestScanner {

    /** Returns the number of valid items; throws when the bytes are not a request of the given type. */
    public int scan(RequestType type, byte[] bytes) throws OtlpFormatException {
        throw new UnsupportedOperationException();
    }

    /** Spans of the last request that must be refused; always 0 for metrics and logs. */
    public int rejected() {
        throw new UnsupportedOperationException();
    }

    /** Why the first of them is refused: {@code invalid_trace_id} or {@code invalid_span_id}; null without any. */
    public @Nullable String rejectedReason() {
        throw new UnsupportedOperationException();
    }

    public int rejectedForTraceId() {
        throw new UnsupportedOperationException();
    }

    public int rejectedForSpanId() {
        throw new UnsupportedOperationException();
    }

    /** The last request without its rejected spans; the very same array when there are none. */
    public byte[] withoutRejected() {
        throw new UnsupportedOperationException();
    }
}
