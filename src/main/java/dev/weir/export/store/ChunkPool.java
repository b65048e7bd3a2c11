package dev.weir.export.store;

import java.util.ArrayDeque;
import java.util.function.IntFunction;

/**
 * Arrays of one length that the segments of a store keep their spans and lists in, and that go from the oldest segment to
 * the newest: a full store makes none any more, so that the collector has nothing of it to move or to find. Guarded by the
 * store's lock.
 *
 * @param <A> {@code byte[]} or {@code int[]}
 */
final class ChunkPool<A> {

    private static final int SMALLEST = 256;
    private static final int LARGEST = 64 << 10;
    /** How many of them a segment's bytes are at least: what its last one leaves free is held in vain. */
    private static final int OF_SEGMENT = 8;

    private final int length;
    private final int bytes;
    private final IntFunction<A> maker;
    private final ArrayDeque<A> spare = new ArrayDeque<>();

    private ChunkPool(long segmentBytes, int elementBytes, IntFunction<A> maker) {
        int content = (int) Math.clamp(Long.highestOneBit(segmentBytes / OF_SEGMENT), SMALLEST, LARGEST);
        this.length = content / elementBytes;
        this.bytes = content + Footprint.ARRAY;
        this.maker = maker;
    }

    /** @param segmentBytes what a segment of the store should hold */
    static ChunkPool<byte[]> ofBytes(long segmentBytes) {
        return new ChunkPool<>(segmentBytes, Byte.BYTES, byte[]::new);
    }

    /** @param segmentBytes what a segment of the store should hold */
    static ChunkPool<int[]> ofInts(long segmentBytes) {
        return new ChunkPool<>(segmentBytes, Integer.BYTES, int[]::new);
    }

    /** The elements of each; a power of two. */
    int length() {
        return length;
    }

    /** The bytes that each takes. */
    int bytes() {
        return bytes;
    }

    /** What it holds is of no meaning. */
    A take() {
        A chunk = spare.pollLast();
        return chunk == null ? maker.apply(length) : chunk;
    }

    void giveBack(A chunk) {
        spare.addLast(chunk);
    }

    /** Forgets one; false when there is none. */
    boolean forgetOne() {
        return spare.pollLast() != null;
    }

    long spareBytes() {
        return (long) spare.size() * bytes;
    }
}
