package dev.weir.pipeline;

import dev.weir.otlp.RequestBytes;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One {@code Export…ServiceRequest} on its way out, shared unchanged by every destination that takes it. Each holder
 * calls {@link #release} once; the last one gives the memory back to the budget.
 */
public final class Batch {

    private final Signal signal;
    private final RequestBytes bytes;
    private final int items;
    private final long createdNanos;
    private final Runnable onReleased;
    private final AtomicInteger holders;

    /**
     * @param signal which request the bytes are
     * @param items spans, data points or log records in it
     * @param createdNanos {@link System#nanoTime()} of its oldest payload's receipt
     * @param holders how many will call {@link #release}
     * @param onReleased gives back the memory; run once, by the last holder
     */
    public Batch(Signal signal, RequestBytes bytes, int items, long createdNanos, int holders, Runnable onReleased) {
        this.signal = signal;
        this.bytes = bytes;
        this.items = items;
        this.createdNanos = createdNanos;
        this.onReleased = onReleased;
        this.holders = new AtomicInteger(holders);
    }

    public Signal signal() {
        return signal;
    }

    public RequestBytes bytes() {
        return bytes;
    }

    public int items() {
        return items;
    }

    public long createdNanos() {
        return createdNanos;
    }

    public void release() {
        int left = holders.decrementAndGet();
        if (left == 0) {
            onReleased.run();
        } else if (left < 0) {
            throw new IllegalStateException("batch released more often than it was taken");
        }
    }
}
