package dev.weir.export.store;

import java.util.Arrays;

/** What the store keeps of one trace. Guarded by the store's lock. */
final class StoredTrace {

    final TraceId id;
    final Segment segment;
    /** Its number in the segment. */
    final int number;

    private final Extent extent = new Extent();
    /** A bit for each status code that a span has. */
    private int statuses;

    private Fragment[] fragments = new Fragment[2];
    private int count;
    private long bytes = Footprint.TRACE;

    StoredTrace(TraceId id, Segment segment, int number) {
        this.id = id;
        this.segment = segment;
        this.number = number;
    }

    void sawSpan(long startNanos, long endNanos, int statusCode) {
        extent.add(startNanos, endNanos);
        statuses |= statusBit(statusCode);
    }

    /** Returns by how many bytes the trace grew. */
    long add(Fragment fragment) {
        if (count == fragments.length) {
            fragments = Arrays.copyOf(fragments, 2 * count);
        }
        fragments[count++] = fragment;
        fragment.head().fragments++;
        bytes += fragment.bytes();
        return fragment.bytes();
    }

    void evict() {
        for (int i = 0; i < count; i++) {
            fragments[i].head().fragments--;
        }
        fragments = new Fragment[0];
        count = 0;
    }

    boolean isEvicted() {
        return fragments.length == 0;
    }

    boolean hasStatus(int statusCode) {
        return (statuses & statusBit(statusCode)) != 0;
    }

    long durationNanos() {
        return extent.durationNanos();
    }

    long bytes() {
        return bytes;
    }

    /** What a reader may use outside the lock: the array's elements up to the count never change. */
    Snapshot snapshot() {
        return new Snapshot(id, fragments, count);
    }

    private static int statusBit(int statusCode) {
        return statusCode >= 0 && statusCode <= 2 ? 1 << statusCode : 0;
    }

    /**
     * @param fragments the first {@code count} are the trace's
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Snapshot(TraceId id, Fragment[] fragments, int count) {}
}
