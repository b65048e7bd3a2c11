package dev.weir.sample.tail;

import java.nio.ByteBuffer;

/** Reads the spans of a {@link SpanList}. For one thread; reused. */
final class SpanReader {

    private ByteBuffer bytes = ByteBuffer.allocate(0);
    private int from;
    private int length;

    /** Goes to a span of the list. */
    void read(SpanList list, int i) {
        bytes = list.slab(i).block.bytes;
        int at = list.offset(i);
        length = bytes.getInt(at + Integer.BYTES);
        from = at + Slab.SPAN_HEADER;
    }

    /** The body of the span lies in it from {@link #from}; to be read by absolute positions, until the next span. */
    ByteBuffer bytes() {
        return bytes;
    }

    int from() {
        return from;
    }

    /** Bytes of the span's body. */
    int length() {
        return length;
    }

    void copyTo(byte[] target, int at) {
        bytes.get(from, target, at, length);
    }
}
