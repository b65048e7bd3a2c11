package dev.weir.export;

import dev.weir.pipeline.Batch;
import dev.weir.pipeline.Destination;
import dev.weir.pipeline.DestinationLedger;
import dev.weir.pipeline.EventLog;
import dev.weir.pipeline.Signal;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A queue bounded in bytes before a {@link Lane} for each signal.
 *
 * <p>Admission ({@link #tryReserve}, {@link #enqueue}) is by any thread and counts in atomics; all else is confined to the
 * loop. Items are counted as queued from their announcement until {@link #settle}.
 */
final class QueuedDestination implements Destination, Settlement {

    private final Plan plan;
    private final Loop loop;
    private final Transport transport;
    private final DestinationLedger ledger;
    private final EventLog log;
    private final EventLog errors;
    private final Progress progress;
    private final Map<Signal, Lane> lanes = new EnumMap<>(Signal.class);

    /** By signal: announced, queued, under way or waiting to be tried again. */
    private final AtomicLongArray queuedItems = new AtomicLongArray(Signal.values().length);

    private final AtomicLong queuedBytes = new AtomicLong();
    private volatile boolean drained;

    /**
     * @param log what a destination does
     * @param errors what we did wrong
     */
    QueuedDestination(
            Plan plan,
            Loop loop,
            Transport transport,
            DestinationLedger ledger,
            EventLog log,
            EventLog errors,
            Progress progress) {
        this.plan = plan;
        this.loop = loop;
        this.transport = transport;
        this.ledger = ledger;
        this.log = log;
        this.errors = errors;
        this.progress = progress;
        for (Signal signal : plan.signals()) {
            lanes.put(signal, new Lane(signal, plan.lane(signal), loop, transport, this));
        }
        ledger.queuedBy(signal -> queuedItems.get(signal.ordinal()));
    }

    @Override
    public String name() {
        return plan.name();
    }

    @Override
    public boolean takes(Signal signal) {
        return plan.signals().contains(signal);
    }

    @Override
    public int maxMessageSize() {
        return plan.maxMessageSize();
    }

    @Override
    public boolean tryReserve(Signal signal, int items, long bytes) {
        if (plan.whenFull() == WhenFull.REFUSE && !takeRoom(bytes)) {
            return false;
        }
        queuedItems.addAndGet(signal.ordinal(), items);
        ledger.enqueued(signal, items);
        return true;
    }

    @Override
    public void unreserve(Signal signal, int items, long bytes) {
        if (plan.whenFull() == WhenFull.REFUSE) {
            queuedBytes.addAndGet(-bytes);
        }
        queuedItems.addAndGet(signal.ordinal(), -items);
        ledger.enqueued(signal, -items);
    }

    @Override
    public void enqueue(Batch batch, long reservedBytes) {
        long length = batch.bytes().length;
        if (plan.whenFull() == WhenFull.REFUSE) {
            queuedBytes.addAndGet(length - reservedBytes); // regrouped, it is not as long as what was announced
        } else if (!takeRoom(length)) {
            settle(batch.signal(), batch.items(), "queue_full");
            batch.release();
            log.warn(
                    name() + " queue_full",
                    "export." + name() + ": the queue is full, dropped a batch of " + batch.items() + " "
                            + batch.signal().items());
            return;
        }
        Piece piece = new Piece(new Piece.Delivery(batch, length), batch.bytes(), batch.items());
        try {
            pass(piece);
        } catch (RuntimeException | Error e) {
            broke(piece, e);
        }
    }

    private void pass(Piece piece) {
        Lane lane = lanes.get(signal(piece));
        if (drained || lane == null) {
            dropped(piece, "shutdown", "it came after the end of the drain");
        } else {
            loop.run(() -> lane.add(piece));
        }
    }

    /** An empty queue takes anything, so that what is longer than the whole queue is not refused for ever. */
    private boolean takeRoom(long bytes) {
        while (true) {
            long used = queuedBytes.get();
            if (used != 0 && used + bytes > plan.queueLimit()) {
                return false;
            }
            if (queuedBytes.compareAndSet(used, used + bytes)) {
                return true;
            }
        }
    }

    DestinationStatus status() {
        return progress.status(plan, queuedBytes.get());
    }

    /** Done when nothing is queued any more, at the deadline at the latest. */
    CompletableFuture<Void> drain(long deadlineNanos) {
        CompletableFuture<?>[] idle = lanes.values().stream()
                .map(lane -> {
                    CompletableFuture<Void> laneIdle = new CompletableFuture<>();
                    loop.run(() -> lane.drain(deadlineNanos, () -> laneIdle.complete(null)));
                    return laneIdle;
                })
                .toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(idle);
    }

    /** After the loop has ended nothing would settle what is enqueued: it is dropped by who enqueues it. */
    void close() {
        drained = true;
        transport.close();
    }

    @Override
    public void began(Piece piece) {
        progress.began(piece.attempts > 1);
    }

    @Override
    public void answered(Piece piece, Outcome outcome, long tookNanos) {
        progress.answered(outcome, piece.bytes.length, tookNanos);
        switch (outcome) {
            case Outcome.Taken taken -> {
                if (taken.rejected() > 0) {
                    warn(
                            "partial",
                            "rejected " + Math.clamp(taken.rejected(), 0, piece.items) + " of " + piece.items + " "
                                    + signal(piece).items() + ": " + taken.message());
                } else if (!taken.message().isEmpty()) {
                    warn("warning", "took the " + signal(piece).items() + ", but warns: " + taken.message());
                }
            }
            case Outcome.Retryable retryable ->
                warn(
                        "retry " + outcome.label(),
                        "will try again " + piece.items + " " + signal(piece).items() + ": " + Progress.text(outcome));
            case Outcome.TooLarge tooLarge ->
                warn(
                        "too_large",
                        "a request of " + piece.bytes.length + " bytes is too large for it: " + Progress.text(outcome));
            case Outcome.Permanent permanent -> {} // told by the drop
        }
    }

    @Override
    public void sent(Piece piece, long rejected) {
        if (isFirst(piece)) {
            ledger.sent(signal(piece), piece.items - rejected);
            if (rejected > 0) {
                ledger.rejected(signal(piece), rejected);
            }
            queuedItems.addAndGet(signal(piece).ordinal(), -piece.items);
            finish(piece);
        }
    }

    @Override
    public void dropped(Piece piece, String reason, String why) {
        if (isFirst(piece)) {
            settle(signal(piece), piece.items, reason);
            finish(piece);
            warn(
                    "drop " + reason,
                    "dropped " + piece.items + " " + signal(piece).items() + " (" + reason + "): " + why);
        }
    }

    @Override
    public void broke(Piece piece, Throwable fault) {
        if (isFirst(piece)) {
            settle(signal(piece), piece.items, "internal_error");
            finish(piece);
        }
        StackTraceElement[] stack = fault.getStackTrace();
        String where = stack.length == 0 ? "" : " at " + stack[0];
        errors.warn(
                name() + " " + fault.getClass() + where,
                Progress.oneLine("export." + name() + ": a bug, " + piece.items + " "
                        + signal(piece).items() + " are affected: " + fault + where));
    }

    @Override
    public boolean takeRoom(long bytes, boolean always) {
        if (always) {
            queuedBytes.addAndGet(bytes);
            return true;
        }
        return takeRoom(bytes);
    }

    @Override
    public void leaveRoom(long bytes) {
        queuedBytes.addAndGet(-bytes);
    }

    @Override
    public void split(Piece piece, List<Piece> parts) {
        if (isFirst(piece)) {
            piece.delivery.unsettled += parts.size();
            parts.forEach(part -> queuedBytes.addAndGet(part.bytes.length));
            finish(piece);
        }
    }

    /** Guards the ledger against what goes wrong half-way. */
    private static boolean isFirst(Piece piece) {
        boolean first = !piece.settled;
        piece.settled = true;
        return first;
    }

    @Override
    public void cancelled() {
        progress.cancelled();
    }

    private static Signal signal(Piece piece) {
        return piece.delivery.batch.signal();
    }

    private void settle(Signal signal, int items, String dropReason) {
        ledger.dropped(signal, dropReason, items);
        queuedItems.addAndGet(signal.ordinal(), -items);
    }

    private void finish(Piece piece) {
        if (piece.isPart()) {
            queuedBytes.addAndGet(-piece.bytes.length);
        }
        Piece.Delivery delivery = piece.delivery;
        if (--delivery.unsettled == 0) {
            queuedBytes.addAndGet(-delivery.charge);
            delivery.batch.release();
        }
    }

    private void warn(String kind, String message) {
        log.warn(name() + " " + kind, Progress.oneLine("export." + name() + ": " + message));
    }

    @Override
    public String toString() {
        return plan.name() + " (" + plan.protocol() + " to " + plan.endpoint() + ")";
    }
}
