package dev.weir.export.store;

import java.util.Arrays;

/** What is kept of each trace of a segment beside its spans, in columns: no object for any. Guarded by the store's lock. */
final class StoredTraces {

    private long[] highs = new long[16];
    private long[] lows = new long[16];
    private long[] minStarts = new long[16];
    private long[] maxEnds = new long[16];
    private int[] firsts = new int[16];
    private int[] lasts = new int[16];
    /** A bit for each status code that a span has. */
    private byte[] statuses = new byte[16];

    private int count;

    /** Returns its number. */
    int add(long high, long low) {
        if (count == highs.length) {
            grow();
        }
        highs[count] = high;
        lows[count] = low;
        minStarts[count] = Extent.NO_START;
        maxEnds[count] = Extent.NO_END;
        firsts[count] = Fragments.NONE;
        lasts[count] = Fragments.NONE;
        statuses[count] = 0;
        return count++;
    }

    void sawSpan(int trace, long startNanos, long endNanos, int statusCode) {
        minStarts[trace] = Extent.minStart(minStarts[trace], startNanos);
        maxEnds[trace] = Extent.maxEnd(maxEnds[trace], startNanos, endNanos);
        statuses[trace] |= statusBit(statusCode);
    }

    /** The last of its fragments so far is this one. Returns the one before, or {@link Fragments#NONE}. */
    int addFragment(int trace, int fragment) {
        int before = lasts[trace];
        if (before == Fragments.NONE) {
            firsts[trace] = fragment;
        }
        lasts[trace] = fragment;
        return before;
    }

    /** The first of its fragments, or {@link Fragments#NONE}. */
    int first(int trace) {
        return firsts[trace];
    }

    int count() {
        return count;
    }

    boolean is(int trace, long high, long low) {
        return lows[trace] == low && highs[trace] == high;
    }

    long high(int trace) {
        return highs[trace];
    }

    long low(int trace) {
        return lows[trace];
    }

    boolean hasStatus(int trace, int statusCode) {
        return (statuses[trace] & statusBit(statusCode)) != 0;
    }

    long durationNanos(int trace) {
        return Extent.duration(minStarts[trace], maxEnds[trace]);
    }

    void clear() {
        count = 0;
    }

    /** Bytes that what is in it takes. */
    long used() {
        return (long) Footprint.TRACE * count;
    }

    /** Bytes of the heap, the entries in the table of ids included. */
    long bytes() {
        return (long) Footprint.TRACE * highs.length + 7L * Footprint.ARRAY;
    }

    private static byte statusBit(int statusCode) {
        return (byte) (statusCode >= 0 && statusCode <= 2 ? 1 << statusCode : 0);
    }

    private void grow() {
        int more = 2 * count;
        highs = Arrays.copyOf(highs, more);
        lows = Arrays.copyOf(lows, more);
        minStarts = Arrays.copyOf(minStarts, more);
        maxEnds = Arrays.copyOf(maxEnds, more);
        firsts = Arrays.copyOf(firsts, more);
        lasts = Arrays.copyOf(lasts, more);
        statuses = Arrays.copyOf(statuses, more);
    }
}
