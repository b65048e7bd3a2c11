package dev.weir.batch;

import java.time.Duration;
import java.util.function.LongSupplier;

/** How fast queued bytes leave, and from that, when a refused sender should come back. Thread-safe. */
final class DrainRate {

    private static final Duration LEAST = Duration.ofSeconds(1);
    private static final Duration MOST = Duration.ofSeconds(30);
    private static final double WINDOW_NANOS = 10e9;

    private final LongSupplier nanoClock;
    private double bytesPerNano;
    private long lastNanos;

    DrainRate(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        this.lastNanos = nanoClock.getAsLong();
    }

    /** Bytes have left. */
    synchronized void drained(long bytes) {
        decay();
        bytesPerNano += bytes / WINDOW_NANOS;
    }

    /** When a quarter of what is queued now should have left: between 1 and 30 seconds. */
    synchronized Duration retryAfter(long queuedBytes) {
        decay();
        double nanos = queuedBytes / 4.0 / Math.max(bytesPerNano, 1e-12);
        return nanos >= MOST.toNanos() ? MOST : nanos <= LEAST.toNanos() ? LEAST : Duration.ofNanos((long) nanos);
    }

    /** An exponentially weighted mean over about the last ten seconds. */
    private void decay() {
        long now = nanoClock.getAsLong();
        bytesPerNano *= Math.exp(-Math.max(0, now - lastNanos) / WINDOW_NANOS);
        lastNanos = now;
    }
}
