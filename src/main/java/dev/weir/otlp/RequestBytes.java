package dev.weir.otlp;

import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * An {@code Export…ServiceRequest} on its way out: one array, or the pieces of those that it was merged from, which are
 * copied once, to where they go. Never changes; any thread.
 */
public final class RequestBytes {

    private final byte @Nullable [] whole;
    private final @Nullable MessageGroup pieces;
    private final int length;

    private RequestBytes(byte @Nullable [] whole, @Nullable MessageGroup pieces, int length) {
        this.whole = whole;
        this.pieces = pieces;
        this.length = length;
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

    /** The very array that it is, which nobody may change, else a new one. */
    public byte[] toArray() {
        if (whole != null) {
            return whole;
        }
        byte[] array = new byte[length];
        if (pieces != null) {
            pieces.writeTo(array, 0);
        }
        return array;
    }

    /** Writes all of it, in as many calls as there are pieces. */
    public void writeTo(OutputStream out) throws IOException {
        if (pieces != null) {
            pieces.writeTo(out);
        } else if (whole != null) {
            out.write(whole);
        }
    }
}
