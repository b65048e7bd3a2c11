package dev.weir.sample.tail;

import java.util.function.LongSupplier;

/** Seconds since the start, on a clock that does not run backwards. */
final class Seconds {

    private final LongSupplier nanoTime;
    private final long start;

    Seconds(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        start = nanoTime.getAsLong();
    }

    long now() {
        return (nanoTime.getAsLong() - start) / 1_000_000_000L;
    }
}
