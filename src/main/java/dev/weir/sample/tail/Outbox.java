package dev.weir.sample.tail;

import dev.weir.pipeline.Ack;
import dev.weir.pipeline.Ledger;
import dev.weir.pipeline.Payload;
import dev.weir.pipeline.Refusal;
import dev.weir.pipeline.Sender;
import dev.weir.pipeline.Signal;
import dev.weir.pipeline.Stage;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Hands kept spans to the next stage. Where that has no room, it waits: what is held meanwhile fills the buffer, and then
 * senders are refused. For one thread.
 */
final class Outbox implements Emission.Sink {

    private static final Sender SENDER = new Sender(Sender.Protocol.GRPC, null, "weir", 0);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(200);

    private final Stage next;
    private final Ledger ledger;
    private final AtomicLong spans = new AtomicLong();
    private final CountDownLatch givingUp = new CountDownLatch(1);
    private volatile boolean waiting;

    Outbox(Stage next, Ledger ledger) {
        this.next = next;
        this.ledger = ledger;
    }

    /** Spans that are on their way to the next stage, and no longer counted elsewhere. */
    long spans() {
        return spans.get();
    }

    /** Counts spans that the next requests hold. */
    void expect(long count) {
        spans.addAndGet(count);
    }

    /** Whether the next stage has no room. */
    boolean isWaiting() {
        return waiting;
    }

    /** Stops waiting: what the next stage refuses is dropped, and counted. */
    void giveUp() {
        givingUp.countDown();
    }

    @Override
    public void take(byte[] request, int count) {
        Outcome outcome = new Outcome();
        offer(request, count, outcome);
        while (outcome.refusal != null && outcome.refusal.isRetryable() && pause(outcome.refusal)) {
            waiting = true;
            outcome = new Outcome();
            offer(request, count, outcome);
        }
        waiting = false;
        if (outcome.refusal != null) {
            ledger.dropped(Signal.TRACES, outcome.refusal.reason().label(), count);
        }
        spans.addAndGet(-count);
    }

    private void offer(byte[] request, int count, Outcome outcome) {
        next.accept(new Payload(Signal.TRACES, request, count, SENDER, System.nanoTime(), outcome));
    }

    private boolean pause(Refusal refusal) {
        Duration pause = refusal.retryAfter();
        long millis = Math.min(pause == null ? Long.MAX_VALUE : pause.toMillis(), LONGEST_PAUSE.toMillis());
        try {
            return !givingUp.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The next stage settles before it returns. */
    private static final class Outcome extends Ack {

        @org.jspecify.annotations.Nullable
        Refusal refusal;

        @Override
        protected void onAccepted() {
            // the next stage has counted it
        }

        @Override
        protected void onRefused(Refusal why) {
            refusal = why;
        }
    }
}
