package dev.weir.sample.tail;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Where the runs of some traces of one shard lie, in the order in which they came, trace by trace. Reused. */
final class RunList {

    private @Nullable Slab[] slabs = new @Nullable Slab[64];
    private int[] offsets = new int[64];
    private int[] counts = new int[64];
    private int[] origins = new int[64];
    private boolean[] logs = new boolean[64];
    private int size;
    private int items;

    /** Runs. */
    int size() {
        return size;
    }

    /** Spans and log records. */
    int items() {
        return items;
    }

    void clear() {
        Arrays.fill(slabs, 0, size, null);
        size = 0;
        items = 0;
    }

    /** Makes room for more runs, to be filled with {@link #set}. */
    void addAll(int more) {
        int need = size + more;
        if (need > offsets.length) {
            int capacity = Math.max(need, size + size / 2);
            slabs = Arrays.copyOf(slabs, capacity);
            offsets = Arrays.copyOf(offsets, capacity);
            counts = Arrays.copyOf(counts, capacity);
            origins = Arrays.copyOf(origins, capacity);
            logs = Arrays.copyOf(logs, capacity);
        }
        size = need;
    }

    void set(int i, Slab slab, int offset, int count, int origin, boolean areLogs) {
        slabs[i] = slab;
        offsets[i] = offset;
        counts[i] = count;
        origins[i] = origin;
        logs[i] = areLogs;
        items += count;
    }

    Slab slab(int i) {
        return Objects.requireNonNull(slabs[i]);
    }

    int offset(int i) {
        return offsets[i];
    }

    /** Items of the run. */
    int count(int i) {
        return counts[i];
    }

    int origin(int i) {
        return origins[i];
    }

    /** Whether the items are log records. */
    boolean areLogs(int i) {
        return logs[i];
    }
}
