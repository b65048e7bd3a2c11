package dev.weir.otlp;

/** Builds one request out of many so that each resource and scope stands once. For one thread. */
public final class RequestMerger {

    public RequestMerger(RequestType type) {}

    /** Adds a request; keeps a reference to the array, which nobody may change. */
    public void add(byte[] validRequest, int items) {
        throw new UnsupportedOperationException();
    }

    public int items() {
        throw new UnsupportedOperationException();
    }

    /** Sum of the added lengths; the result is never longer. */
    public long bytes() {
        throw new UnsupportedOperationException();
    }

    public boolean isEmpty() {
        throw new UnsupportedOperationException();
    }

    /** The merged request; the merger is empty again. */
    public byte[] build() {
        throw new UnsupportedOperationException();
    }
}
