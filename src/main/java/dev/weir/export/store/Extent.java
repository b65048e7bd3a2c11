package dev.weir.export.store;

/** From the earliest start to the latest end of some spans, in Unix nanoseconds. A time of 0 is one that was not sent. */
final class Extent {

    private long minStart = Long.MAX_VALUE;
    private long maxEnd = Long.MIN_VALUE;

    void add(long startNanos, long endNanos) {
        if (startNanos != 0) {
            minStart = Math.min(minStart, startNanos);
        }
        maxEnd = Math.max(maxEnd, Math.max(startNanos, endNanos));
    }

    /** 0 when no span has a start. */
    long startNanos() {
        return minStart == Long.MAX_VALUE ? 0 : minStart;
    }

    long durationNanos() {
        return minStart == Long.MAX_VALUE ? 0 : Math.max(0, maxEnd - minStart);
    }
}
