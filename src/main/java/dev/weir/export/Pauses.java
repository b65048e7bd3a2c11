package dev.weir.export;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When a lane may send again after a failure. While it is drained, pauses are short enough for several tries in the time
 * that is left, and none goes beyond it. Confined to the lane's loop.
 */
final class Pauses {

    /** While draining, a pause is at most this or a quarter of the time left, whichever is longer. */
    private static final long DRAIN_PAUSE = Duration.ofSeconds(1).toNanos();

    /** With less time left than this, another try would not be answered. */
    private static final long LAST_TRY = Duration.ofMillis(100).toNanos();

    private final Backoff backoff;
    private final long mostNanos;

    /** Bursts of failures in a row; 0 while the destination is well. */
    private int failures;

    private long lastFailureNanos;
    private long untilNanos;
    private @Nullable Long drainedByNanos;

    /** @param mostNanos no pause is longer, whatever the destination asks for */
    Pauses(Backoff backoff, long mostNanos) {
        this.backoff = backoff;
        this.mostNanos = mostNanos;
    }

    /** Whether the last answer was a failure, so that one request at a time is enough to find out more. */
    boolean isProbing() {
        return failures > 0;
    }

    boolean isPausing(long now) {
        return failures > 0 && untilNanos - now > 0;
    }

    /** The end of the pause. */
    long untilNanos() {
        return untilNanos;
    }

    void succeeded() {
        failures = 0;
    }

    /**
     * What was under way at once and fails together counts once.
     *
     * @param begunNanos when the request that failed was sent
     * @param mostNanos the pause is not longer
     * @return whether the destination had failed before
     */
    boolean failed(long begunNanos, long now, @Nullable Duration asked, long mostNanos) {
        boolean newBurst = failures == 0 || begunNanos - lastFailureNanos >= 0;
        if (newBurst) {
            failures++;
        }
        lastFailureNanos = now;
        long until = now + Math.min(nanos(asked, failures, now), mostNanos);
        untilNanos = newBurst ? until : Math.max(untilNanos, until);
        return failures > 1;
    }

    /**
     * The pause after so many failures.
     *
     * @param asked what the destination asked for; null when it did not
     */
    long nanos(@Nullable Duration asked, int failed, long now) {
        long nanos = Math.min(mostNanos, asked == null ? backoff.pauseNanos(failed) : backoff.askedNanos(asked));
        if (drainedByNanos == null) {
            return nanos;
        }
        long left = drainedByNanos - now;
        long shortened = Math.min(nanos, Math.max(DRAIN_PAUSE, left / 4));
        return shortened < left ? shortened : left / 2;
    }

    /** Ends the pause and begins with short ones again: what the destination did minutes ago says little now. */
    void drain(long deadlineNanos) {
        drainedByNanos = deadlineNanos;
        failures = 0;
    }

    /** Whether the time to drain is as good as over. */
    boolean isTooLate(long now) {
        return drainedByNanos != null && drainedByNanos - now < LAST_TRY;
    }
}
