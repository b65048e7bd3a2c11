package dev.weir.pipeline;

import dev.weir.pipeline.Destination.WhenFull;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The room in a destination's queue, in bytes, and what lies in it, in items: the counting half of {@link Destination}.
 * An empty queue takes anything, so that what is longer than the whole queue is not refused for ever. Any thread.
 */
public final class QueueRoom {

    private final WhenFull whenFull;
    private final long limit;
    private final DestinationLedger ledger;
    private final AtomicLong bytes = new AtomicLong();

    /** By signal: announced, queued, or under way. */
    private final AtomicLongArray items = new AtomicLongArray(Signal.values().length);

    /**
     * @param limit bytes, positive
     * @param ledger is told what is enqueued and dropped, and asks what is queued
     */
    public QueueRoom(WhenFull whenFull, long limit, DestinationLedger ledger) {
        this.whenFull = whenFull;
        this.limit = limit;
        this.ledger = ledger;
        ledger.queuedBy(signal -> items.get(signal.ordinal()));
    }

    /** As {@link Destination#tryReserve}. */
    public boolean tryReserve(Signal signal, int count, long reservedBytes) {
        if (whenFull == WhenFull.REFUSE && !tryTake(reservedBytes)) {
            return false;
        }
        items.addAndGet(signal.ordinal(), count);
        ledger.enqueued(signal, count);
        return true;
    }

    /** As {@link Destination#unreserve}. */
    public void unreserve(Signal signal, int count, long reservedBytes) {
        if (whenFull == WhenFull.REFUSE) {
            leave(reservedBytes);
        }
        items.addAndGet(signal.ordinal(), -count);
        ledger.enqueued(signal, -count);
    }

    /**
     * Takes the batch's own length in place of what was reserved for it. When there is no room, counts its items as
     * dropped and is false; {@link Batch#release} is left to the caller.
     */
    public boolean enter(Batch batch, long reservedBytes) {
        long length = batch.bytes().length();
        if (whenFull == WhenFull.REFUSE) {
            take(length - reservedBytes); // regrouped, it is not as long as what was announced
            return true;
        }
        if (tryTake(length)) {
            return true;
        }
        dropped(batch.signal(), batch.items(), "queue_full");
        return false;
    }

    /** Takes bytes, or returns false and takes nothing. */
    public boolean tryTake(long more) {
        while (true) {
            long used = bytes.get();
            if (used != 0 && used + more > limit) {
                return false;
            }
            if (bytes.compareAndSet(used, used + more)) {
                return true;
            }
        }
    }

    /** Takes bytes whether there is room or not. */
    public void take(long more) {
        bytes.addAndGet(more);
    }

    public void leave(long fewer) {
        bytes.addAndGet(-fewer);
    }

    /** Items leave the queue: the destination has them. */
    public void sent(Signal signal, int count, long rejected) {
        ledger.sent(signal, count - rejected);
        if (rejected > 0) {
            ledger.rejected(signal, rejected);
        }
        items.addAndGet(signal.ordinal(), -count);
    }

    /** Items leave the queue: they are lost. */
    public void dropped(Signal signal, int count, String reason) {
        ledger.dropped(signal, reason, count);
        items.addAndGet(signal.ordinal(), -count);
    }

    /** Bytes taken now. */
    public long bytes() {
        return bytes.get();
    }
}
