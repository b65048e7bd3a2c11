package dev.weir.export.store;

import java.time.Duration;

/** Durations as nanoseconds in a long, the longest ones cut. */
final class Nanos {

    private Nanos() {}

    static long of(Duration duration) {
        return duration.compareTo(Duration.ofNanos(Long.MAX_VALUE)) >= 0 ? Long.MAX_VALUE : duration.toNanos();
    }
}
