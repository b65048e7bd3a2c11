package dev.weir.sample.tail;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Where the spans of some traces of one shard lie, in the order in which they came, trace by trace. Reused. */
final class SpanList {

    private static final int FLAGS_MASK = (1 << SpanIndex.FLAG_BITS) - 1;

    private @Nullable Slab[] slabs = new @Nullable Slab[64];
    private int[] offsets = new int[64];
    private int[] origins = new int[64];
    private int size;

    int size() {
        return size;
    }

    void clear() {
        Arrays.fill(slabs, 0, size, null);
        size = 0;
    }

    /** Makes room for more spans, to be filled with {@link #set}. */
    void addAll(int more) {
        int need = size + more;
        if (need > offsets.length) {
            int capacity = Math.max(need, size + size / 2);
            slabs = Arrays.copyOf(slabs, capacity);
            offsets = Arrays.copyOf(offsets, capacity);
            origins = Arrays.copyOf(origins, capacity);
        }
        size = need;
    }

    void set(int i, Slab slab, int offset, int originAndFlags) {
        slabs[i] = slab;
        offsets[i] = offset;
        origins[i] = originAndFlags;
    }

    Slab slab(int i) {
        return java.util.Objects.requireNonNull(slabs[i]);
    }

    int offset(int i) {
        return offsets[i];
    }

    int origin(int i) {
        return origins[i] >>> SpanIndex.FLAG_BITS;
    }

    int flags(int i) {
        return origins[i] & FLAGS_MASK;
    }
}
