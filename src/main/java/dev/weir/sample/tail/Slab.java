package dev.weir.sample.tail;

import java.nio.ByteBuffer;

/**
 * A block filled with spans of one shard, one after another: for the first of a run its number in the {@link RunIndex}, else
 * 0; the span's length and flags; its bytes. The numbers of the origins that they have, each once, stand at the block's end.
 * All fields are guarded by the shard's lock; what is pinned may be read without it.
 */
final class Slab {

    /** Bytes before a span's own. */
    static final int SPAN_HEADER = 2 * Integer.BYTES;

    /** Bits of flags beside the length, which is less than that of the longest message, 1 GiB. */
    private static final int FLAG_BITS = 2;

    private static final int FLAG_MASK = (1 << FLAG_BITS) - 1;

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
    /** Spans that were taken out and are being read; and one for each run that is lent, a compression and an evacuation. */
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

    /** @param run its number for the first span of a run, else {@link RunIndex#NONE} */
    int put(int run, int flags, byte[] source, int from, int length) {
        int at = used;
        block.bytes.putInt(at, run);
        block.bytes.putInt(at + Integer.BYTES, length << FLAG_BITS | flags & FLAG_MASK);
        block.bytes.put(at + SPAN_HEADER, source, from, length);
        used += SPAN_HEADER + length;
        spans++;
        live++;
        return at;
    }

    /** Copies a run, with its spans' headers, from another slab's bytes. */
    int putCopy(ByteBuffer source, int from, int length, int count) {
        int at = used;
        block.bytes.put(at, source, from, length);
        used += length;
        spans += count;
        live += count;
        return at;
    }

    /** The number of the run that begins with the span there, in a slab's bytes; {@link RunIndex#NONE} when none does. */
    static int run(ByteBuffer bytes, int at) {
        return bytes.getInt(at);
    }

    /** The length of the span there, without its header. */
    static int length(ByteBuffer bytes, int at) {
        return bytes.getInt(at + Integer.BYTES) >>> FLAG_BITS;
    }

    /** The {@link SpanFlags} of the span there. */
    static int flags(ByteBuffer bytes, int at) {
        return bytes.getInt(at + Integer.BYTES) & FLAG_MASK;
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
