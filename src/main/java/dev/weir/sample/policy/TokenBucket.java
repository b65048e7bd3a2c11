package dev.weir.sample.policy;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A ceiling over a rate: tokens come at the rate, up to a burst of them, and what finds none is refused. Whoever finds one
 * may take more than there are; they are missing later, or nothing larger than the burst could ever pass. Used by many
 * threads at once.
 */
final class TokenBucket {

    private static final double NANOS_PER_SECOND = 1e9;
    private static final long MOST_DEBT_NANOS = 3_600_000_000_000L;

    private final double nanosPerToken;
    private final long burstNanos;

    /** When the bucket will be, or was, full; so many nanoseconds of tokens are missing now. */
    private final AtomicLong fullAt;

    /** Begins full. */
    TokenBucket(double tokensPerSecond, long burstNanos, long nowNanos) {
        this.nanosPerToken = NANOS_PER_SECOND / tokensPerSecond;
        this.burstNanos = burstNanos;
        this.fullAt = new AtomicLong(nowNanos);
    }

    void refill(long nowNanos) {
        fullAt.set(nowNanos);
    }

    /** How full it is, 0 to 1. */
    double level(long nowNanos) {
        double missing = Math.max(0, fullAt.get() - nowNanos);
        return Math.max(0, 1 - missing / burstNanos);
    }

    boolean hasTokens(long nowNanos) {
        return fullAt.get() - nowNanos < burstNanos;
    }

    void take(long tokens, long nowNanos) {
        long nanos = (long) Math.min(tokens * nanosPerToken, Long.MAX_VALUE >> 2);
        long before;
        long after;
        do {
            before = fullAt.get();
            long from = before - nowNanos < 0 ? nowNanos : before;
            // at most an hour in debt, or one giant trace would close the bucket for days
            after = from + Math.min(nanos, Math.max(0, nowNanos + MOST_DEBT_NANOS - from));
        } while (!fullAt.compareAndSet(before, after));
    }
}
