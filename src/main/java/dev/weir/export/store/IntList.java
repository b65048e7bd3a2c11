package dev.weir.export.store;

import java.util.ArrayList;
import java.util.List;

/** Ints in chunks: what is written once is not copied as the list grows. Guarded by the store's lock. */
final class IntList {

    private final ChunkPool<int[]> pool;
    private final int shift;
    private final int mask;
    private final List<int[]> chunks = new ArrayList<>();
    private int size;

    IntList(ChunkPool<int[]> pool) {
        this.pool = pool;
        this.shift = Integer.numberOfTrailingZeros(pool.length());
        this.mask = pool.length() - 1;
    }

    void add(int value) {
        if (size >> shift == chunks.size()) {
            chunks.add(pool.take());
        }
        set(size++, value);
    }

    int get(int index) {
        return chunks.get(index >> shift)[index & mask];
    }

    void set(int index, int value) {
        chunks.get(index >> shift)[index & mask] = value;
    }

    int size() {
        return size;
    }

    /** Gives its chunks back. */
    void clear() {
        chunks.forEach(pool::giveBack);
        chunks.clear();
        size = 0;
    }

    /** Bytes of the heap. */
    long bytes() {
        return (long) chunks.size() * pool.bytes();
    }
}
