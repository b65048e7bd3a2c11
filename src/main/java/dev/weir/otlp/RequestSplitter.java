package dev.weir.otlp;

import java.util.List;

/** Cuts a request into several that a destination's message limit lets through. */
public final class RequestSplitter {

    private RequestSplitter() {}

    /** One of the requests. */
    public record Part(byte[] bytes, int items) {}

    public static List<Part> split(RequestType type, byte[] validRequest, int maxBytes) {
        throw new UnsupportedOperationException();
    }
}
