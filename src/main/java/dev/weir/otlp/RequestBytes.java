package dev.weir.otlp;

import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * An {@code Export…ServiceRequest} on its way out: one array, or the pieces of those that it was merged from, which are
 * copied once, to where they go. Who needs an array makes it one for all: it never takes the memory of both. Its bytes
 * never change; any thread.
 */
public final class RequestBytes {

    private final int length;
    private volatile byte @Nullable [] whole;
    /** Null once there is the whole. */
    private volatile @Nullable MessageGroup pieces;

    private RequestBytes(byte @Nullable [] whole, @Nullable MessageGroup pieces, int length) {
        this.length = length;
        this.whole = whole;
        this.pieces = pieces;
    }

    /** @param request exactly the request; nobody may change it any more */
    public static RequestBytes of(byte[] request) {
        return new RequestBytes(request, null, request.length);
    }

    /** @throws ArithmeticException over 2 GiB */
    static RequestBytes of(MessageGroup request) {
        return new RequestBytes(null, request, Math.toIntExact(request.measure()));
    }

    /** In bytes. */
    public int length() {
        return length;
    }

    /** Whether it is one array; pieces hold the whole arrays that they are of. */
    public boolean isArray() {
        return whole != null;
    }

    /** The array that it is, or is from now on; nobody may change it. */
    public byte[] toArray() {
        byte[] array = whole;
        return array == null ? join() : array;
    }

    private synchronized byte[] join() {
        byte[] array = whole;
        MessageGroup parts = pieces;
        if (array == null) {
            array = new byte[length];
            if (parts != null) {
                parts.writeTo(array, 0);
            }
            whole = array;
            pieces = null;
        }
        return array;
    }

    /** Writes all of it, in as many calls as there are pieces. */
    public void writeTo(OutputStream out) throws IOException {
        MessageGroup parts = pieces;
        if (parts == null) {
            out.write(toArray());
        } else {
            parts.writeTo(out);
        }
    }
}
