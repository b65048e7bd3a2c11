package dev.weir.sample.tail;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The memory that holding a request may need at most, taken before any span of it is held: the request is held whole or
 * refused whole. Count the spans with {@link #add}, {@link #tryTake}, hold them, {@link #close}. For one thread; reused.
 */
final class Reservation {

    private final Slabs slabs;
    private final Slabs chunks;
    private final int largeSpan;
    private final int slabFill;
    private final int entriesInChunk;
    private final int recordsInChunk;
    private final HeldStore store;
    private final long[] bytes;
    private final int[] spans;
    private final List<Block> large = new ArrayList<>();
    private int[] largeSizes = new int[4];
    private int largeCount;
    private int slabsLeft;
    private int chunksLeft;
    private long needed;

    Reservation(HeldStore store) {
        slabs = store.slabs();
        chunks = store.chunks();
        largeSpan = ShardSlabs.largest(slabs.size());
        slabFill = slabs.size() - largeSpan;
        entriesInChunk = chunks.size() / RunIndex.ENTRY_BYTES;
        recordsInChunk = chunks.size() / TraceWords.MAX_RECORD_BYTES;
        this.store = store;
        bytes = new long[store.shards()];
        spans = new int[store.shards()];
    }

    /** Whether so many items can be held at all, each in a trace of its own; to be asked before they are read. */
    boolean couldHold(int items) {
        needed = (long) items * TraceWords.MAX_RECORD_BYTES;
        return needed <= store.mostForOneRequest();
    }

    /** Counts a span of so many bytes. */
    void add(int shard, int length) {
        int size = ShardSlabs.spaceFor(length);
        spans[shard]++;
        if (size <= largeSpan) {
            bytes[shard] += size;
            return;
        }
        if (largeCount == largeSizes.length) {
            largeSizes = Arrays.copyOf(largeSizes, 2 * largeCount);
        }
        largeSizes[largeCount++] = size;
    }

    /** Takes memory for the spans that were counted, or returns false and takes none. Then they are no longer counted. */
    boolean tryTake() {
        int needSlabs = 0;
        int needChunks = 0;
        for (int i = 0; i < spans.length; i++) {
            if (spans[i] > 0) {
                needSlabs += Math.toIntExact(ceil(bytes[i], slabFill));
                needChunks += (int) (ceil(spans[i], entriesInChunk) + ceil(spans[i], recordsInChunk));
                bytes[i] = 0;
                spans[i] = 0;
            }
        }
        int count = largeCount;
        largeCount = 0;
        needed = (long) needSlabs * slabs.size() + (long) needChunks * chunks.size();
        for (int i = 0; i < count; i++) {
            needed += largeSizes[i];
        }
        if (!slabs.tryPromise(needSlabs)) {
            return false;
        }
        slabsLeft = needSlabs;
        if (!chunks.tryPromise(needChunks)) {
            giveBack();
            return false;
        }
        chunksLeft = needChunks;
        for (int i = 0; i < count; i++) {
            Block block = slabs.tryTakeOdd(largeSizes[i]);
            if (block == null) {
                giveBack();
                return false;
            }
            large.add(block);
        }
        return true;
    }

    /** Bytes that {@link #tryTake} was asked for, or {@link #couldHold}; 0 before, and after {@link #close}. */
    long needed() {
        return needed;
    }

    /** Takes so many slabs and nothing else, or returns false and takes none. */
    boolean tryTakeSlabs(int count) {
        if (!slabs.tryPromise(count)) {
            return false;
        }
        slabsLeft = count;
        return true;
    }

    /** Gives back what was not needed; spans that were counted since are no longer. */
    void close() {
        Arrays.fill(bytes, 0);
        Arrays.fill(spans, 0);
        largeCount = 0;
        needed = 0;
        giveBack();
    }

    private void giveBack() {
        slabs.unpromise(slabsLeft);
        chunks.unpromise(chunksLeft);
        slabsLeft = 0;
        chunksLeft = 0;
        if (!large.isEmpty()) {
            large.forEach(slabs::giveBackOdd);
            large.clear();
        }
    }

    Block takeSlab() {
        slabsLeft--;
        return slabs.take();
    }

    Block takeChunk() {
        chunksLeft--;
        return chunks.take();
    }

    /** A block of exactly this size, for a span that was counted. */
    Block takeLarge(int size) {
        for (int i = 0; i < large.size(); i++) {
            if (large.get(i).size() == size) {
                return large.remove(i);
            }
        }
        throw new IllegalStateException("a large span was not counted");
    }

    private static long ceil(long n, int d) {
        return (n + d - 1) / d;
    }
}
