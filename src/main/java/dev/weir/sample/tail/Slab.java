package dev.weir.sample.tail;

/**
 * A block filled with spans of one shard, one after another: the span's number in the {@link SpanIndex}, its length, its
 * bytes. The numbers of the origins that they have, each once, stand at the block's end. All fields are guarded by the
 * shard's lock; what is pinned may be read without it.
 */
final class Slab {

    /** Bytes before a span's own. */
    static final int SPAN_HEADER = 2 * Integer.BYTES;

    final int number;
    Block block;
    /** Another one each time the slab is filled from its start. */
    int serial;
    /** Bytes of spans, from the start. */
    int used;
    /** Spans, whether live or not. */
    int spans;
    /** Spans that are held. */
    int live;
    /** Spans that were taken out, and are being read. */
    int pins;

    int origins;
    boolean isClosed;
    /** When it was closed. */
    int closedSecond;
    /** Bytes of the spans as they lie in the block when they are compressed; else 0. */
    int compressedLength;

    Slab(int number, int serial, Block block) {
        this.number = number;
        this.serial = serial;
        this.block = block;
    }

    boolean isUnused() {
        return live == 0 && pins == 0;
    }

    boolean isCompressed() {
        return compressedLength > 0;
    }

    /** Bytes left for spans and one more origin. */
    int room() {
        return block.size() - used - (origins + 1) * Integer.BYTES;
    }

    int put(int span, byte[] source, int from, int length) {
        int at = used;
        block.bytes.putInt(at, span);
        block.bytes.putInt(at + Integer.BYTES, length);
        block.bytes.put(at + SPAN_HEADER, source, from, length);
        used += SPAN_HEADER + length;
        spans++;
        live++;
        return at;
    }

    /** Copies a span from another slab's bytes. */
    int putCopy(java.nio.ByteBuffer source, int from, int length) {
        int at = used;
        block.bytes.put(at, source, from, SPAN_HEADER + length);
        used += SPAN_HEADER + length;
        spans++;
        live++;
        return at;
    }

    void addOrigin(int origin) {
        origins++;
        block.bytes.putInt(block.size() - origins * Integer.BYTES, origin);
    }

    void clear(int newSerial) {
        serial = newSerial;
        used = 0;
        spans = 0;
        origins = 0;
    }
}
