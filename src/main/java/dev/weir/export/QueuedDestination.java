package dev.weir.export;

import dev.weir.pipeline.Batch;
import dev.weir.pipeline.Destination;
import dev.weir.pipeline.DestinationLedger;
import dev.weir.pipeline.EventLog;
import dev.weir.pipeline.QueueRoom;
import dev.weir.pipeline.Signal;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * A queue bounded in bytes before a {@link Lane} for each signal.
 *
 * <p>Admission ({@link #tryReserve}, {@link #enqueue}) is by any thread and counts in {@link QueueRoom}; all else is confined to the
 * loop. Items are counted as queued from their announcement until {@link #settle}.
 */
final class QueuedDestination implements Destination, Settlement {

    private final Plan plan;
    private final Loop loop;
    private final Transport transport;
    private final QueueRoom room;
    private final EventLog log;
    private final EventLog errors;
    private final Progress progress;
    private final Map<Signal, Lane> lanes = new EnumMap<>(Signal.class);

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
        this.room = new QueueRoom(plan.whenFull(), plan.queueLimit(), ledger);
        this.log = log;
        this.errors = errors;
        this.progress = progress;
        SendWindow window = new SendWindow(plan.sendWindow(), loop);
        for (Signal signal : plan.signals()) {
            lanes.put(signal, new Lane(signal, plan.lane(signal), loop, transport, window, this));
        }
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
        return room.tryReserve(signal, items, bytes);
    }

    @Override
    public void unreserve(Signal signal, int items, long bytes) {
        room.unreserve(signal, items, bytes);
    }

    @Override
    public void enqueue(Batch batch, long reservedBytes) {
        if (!room.enter(batch, reservedBytes)) {
            batch.release();
            log.warn(
                    name() + " queue_full",
                    "export." + name() + ": the queue is full, dropped a batch of " + batch.items() + " "
                            + batch.signal().items());
            return;
        }
        Piece piece = new Piece(new Piece.Delivery(batch, batch.bytes().length()), batch.bytes(), batch.items());
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

    DestinationStatus status() {
        return progress.status(plan, room.bytes());
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
        progress.answered(outcome, piece.bytes.length(), tookNanos);
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
                        "a request of " + piece.bytes.length() + " bytes is too large for it: "
                                + Progress.text(outcome));
            case Outcome.Permanent permanent -> {} // told by the drop
        }
    }

    @Override
    public void sent(Piece piece, long rejected) {
        if (isFirst(piece)) {
            room.sent(signal(piece), piece.items, rejected);
            finish(piece);
        }
    }

    @Override
    public void dropped(Piece piece, String reason, String why) {
        if (isFirst(piece)) {
            room.dropped(signal(piece), piece.items, reason);
            finish(piece);
            warn(
                    "drop " + reason,
                    "dropped " + piece.items + " " + signal(piece).items() + " (" + reason + "): " + why);
        }
    }

    @Override
    public void broke(Piece piece, Throwable fault) {
        if (isFirst(piece)) {
            room.dropped(signal(piece), piece.items, "internal_error");
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
            room.take(bytes);
            return true;
        }
        return room.tryTake(bytes);
    }

    @Override
    public void leaveRoom(long bytes) {
        room.leave(bytes);
    }

    @Override
    public void split(Piece piece, List<Piece> parts) {
        if (isFirst(piece)) {
            piece.delivery.unsettled += parts.size();
            parts.forEach(part -> room.take(part.bytes.length()));
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

    private void finish(Piece piece) {
        if (piece.isPart()) {
            room.leave(piece.bytes.length());
        }
        Piece.Delivery delivery = piece.delivery;
        if (--delivery.unsettled == 0) {
            room.leave(delivery.charge);
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
