package dev.weir.export.store;

/** From the earliest start to the latest end of some spans, in Unix nanoseconds. A time of 0 is one that was not sent. */
final class Extent {

    static final long NO_START = Long.MAX_VALUE;
    static final long NO_END = Long.MIN_VALUE;

    private long minStart = NO_START;
    private long maxEnd = NO_END;

    void add(long startNanos, long endNanos) {
        minStart = minStart(minStart, startNanos);
        maxEnd = maxEnd(maxEnd, startNanos, endNanos);
    }

    /** 0 when no span has a start. */
    long startNanos() {
        return minStart == NO_START ? 0 : minStart;
    }

    long durationNanos() {
        return duration(minStart, maxEnd);
    }

    static long minStart(long before, long startNanos) {
        return startNanos == 0 ? before : Math.min(before, startNanos);
    }

    static long maxEnd(long before, long startNanos, long endNanos) {
        return Math.max(before, Math.max(startNanos, endNanos));
    }

    static long duration(long minStart, long maxEnd) {
        return minStart == NO_START ? 0 : Math.max(0, maxEnd - minStart);
    }
}
