package dev.weir.export;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait after how many failures in a row: {@code initial × multiplier^(failures − 1)}, each 20 % shorter to
 * 20 % longer so that many senders do not come back at once, never longer than {@code max}.
 */
record Backoff(Duration initial, double multiplier, Duration max, RandomGenerator random) {

    private static final double JITTER = 0.2;

    /** A destination that asks for no pause at all must not make us spin. */
    private static final Duration LEAST_ASKED = Duration.ofMillis(100);

    /** @param failures 1 or more */
    long pauseNanos(int failures) {
        double exact = initial.toNanos() * Math.pow(multiplier, failures - 1.0);
        double jittered = Math.min(exact, max.toNanos()) * (1 - JITTER + 2 * JITTER * random.nextDouble());
        return (long) Math.min(jittered, max.toNanos());
    }

    /** What the destination asked for, at least 100 ms, and up to 20 % longer so that not all senders come back at once. */
    long askedNanos(Duration asked) {
        long least = Math.max(asked.toNanos(), LEAST_ASKED.toNanos());
        return (long) (least * (1 + JITTER * random.nextDouble()));
    }
}
