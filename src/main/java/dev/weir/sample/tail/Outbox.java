package dev.weir.sample.tail;

import dev.weir.pipeline.Ack;
import dev.weir.pipeline.Ledger;
import dev.weir.pipeline.Payload;
import dev.weir.pipeline.Refusal;
import dev.weir.pipeline.Sender;
import dev.weir.pipeline.Signal;
import dev.weir.pipeline.Stage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Hands kept spans, or kept log records, to the next stage. Where that has no room, it waits: what is held meanwhile fills the buffer, and then
 * senders are refused. For one thread.
 */
final class Outbox implements Emission.Sink {

    /** What was lost by an error, which is in the log. */
    static final String FAULT = "fault";

    private static final Logger LOG = Logger.getLogger(Outbox.class);
    private static final Sender SENDER = new Sender(Sender.Protocol.GRPC, null, "weir", 0);
    private static final long LONGEST_PAUSE_MILLIS = 200;

    /** The buffer bridges that long; from then on the next stage counts as full. */
    private static final double FULL_AFTER_NANOS = 5e9;

    private final Stage next;
    private final Ledger ledger;
    private final Signal signal;
    private final LongSupplier nanoTime;
    private final Runnable whileWaiting;
    private final AtomicLong items = new AtomicLong();
    private final CountDownLatch givingUp = new CountDownLatch(1);
    private boolean isWaiting;
    private long waitingSince;

    /** @param whileWaiting called again and again while the next stage has no room */
    Outbox(Stage next, Ledger ledger, Signal signal, LongSupplier nanoTime, Runnable whileWaiting) {
        this.next = next;
        this.ledger = ledger;
        this.signal = signal;
        this.nanoTime = nanoTime;
        this.whileWaiting = whileWaiting;
    }

    /** Items that are on their way to the next stage, and no longer counted elsewhere. */
    long items() {
        return items.get();
    }

    /** Counts items that the next requests hold. */
    void expect(long count) {
        items.addAndGet(count);
    }

    /** How full the next stage is, told by how long it has had no room: 0 to 1. */
    double fullness() {
        return isWaiting ? Math.min(1, (nanoTime.getAsLong() - waitingSince) / FULL_AFTER_NANOS) : 0;
    }

    /** Stops waiting: what the next stage refuses is dropped, and counted. */
    void giveUp() {
        givingUp.countDown();
    }

    @Override
    public void take(byte[] request, int count) {
        Outcome outcome = offer(request, count);
        if (outcome.isRetryable()) {
            outcome = offerUntilTaken(request, count, outcome);
        }
        if (outcome.dropped != null) {
            ledger.dropped(signal, outcome.dropped, count);
        }
        items.addAndGet(-count);
    }

    private Outcome offerUntilTaken(byte[] request, int count, Outcome first) {
        isWaiting = true;
        waitingSince = nanoTime.getAsLong();
        Outcome outcome = first;
        while (outcome.isRetryable() && pause(outcome.retryMillis)) {
            whileWaiting.run();
            outcome = offer(request, count);
        }
        isWaiting = false;
        return outcome;
    }

    private Outcome offer(byte[] request, int count) {
        Outcome outcome = new Outcome();
        try {
            next.accept(new Payload(signal, request, count, SENDER, System.nanoTime(), outcome));
        } catch (RuntimeException | Error e) {
            LOG.errorf(e, "%d kept %s could not be passed on", count, signal.items());
            if (!outcome.isSettled()) {
                outcome.dropped = FAULT;
            }
        }
        return outcome;
    }

    private boolean pause(long millis) {
        try {
            return !givingUp.await(Math.min(millis, LONGEST_PAUSE_MILLIS), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The next stage settles before it returns. */
    private static final class Outcome extends Ack {

        /** Why the spans were not taken; null when they were. */
        @Nullable
        String dropped;

        /** Negative when another try is of no use. */
        long retryMillis = -1;

        boolean isRetryable() {
            return retryMillis >= 0;
        }

        @Override
        protected void onAccepted() {
            // the next stage has counted it
        }

        @Override
        protected void onRefused(Refusal why) {
            dropped = why.reason().label();
            retryMillis = why.isRetryable() ? why.retryAfter().toMillis() : -1;
        }
    }
}
