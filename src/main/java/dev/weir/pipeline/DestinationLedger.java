package dev.weir.pipeline;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToLongFunction;

/**
 * One destination's counters, in items. Per signal: {@code enqueued = sent + rejected + dropped{reason} + queued}.
 *
 * <p>Sent: the destination said yes. Rejected: it said so in a partial success. Dropped: for a reason of ours (queue full,
 * permanent error, retries used up, shutdown). Queued is asked of where the items lie.
 */
public final class DestinationLedger {

    private final Counters[] signals = new Counters[Signal.values().length];
    private final List<ToLongFunction<Signal>> queued = new CopyOnWriteArrayList<>();

    DestinationLedger() {
        for (int i = 0; i < signals.length; i++) {
            signals[i] = new Counters();
        }
    }

    /** Negative to take an announcement back. */
    public void enqueued(Signal signal, long items) {
        of(signal).enqueued.add(items);
    }

    public void sent(Signal signal, long items) {
        of(signal).sent.add(items);
    }

    public void rejected(Signal signal, long items) {
        of(signal).rejected.add(items);
    }

    public void dropped(Signal signal, String reason, long items) {
        Ledger.add(of(signal).dropped, reason, items);
    }

    /** Registers a place where items are queued; asked whenever the ledger is read. */
    public void queuedBy(ToLongFunction<Signal> items) {
        queued.add(items);
    }

    public Counts read(Signal signal) {
        Counters c = of(signal);
        long lying = 0;
        for (ToLongFunction<Signal> place : queued) {
            lying += place.applyAsLong(signal);
        }
        return new Counts(c.enqueued.sum(), c.sent.sum(), c.rejected.sum(), Ledger.sums(c.dropped), lying);
    }

    private Counters of(Signal signal) {
        return signals[signal.ordinal()];
    }

    /** One signal's counters at a moment, in items. */
    public record Counts(long enqueued, long sent, long rejected, Map<String, Long> dropped, long queued) {

        /** What the law leaves unexplained: 0 when it holds. */
        public long missing() {
            return enqueued - sent - rejected - Ledger.total(dropped) - queued;
        }
    }

    private static final class Counters {
        final LongAdder enqueued = new LongAdder();
        final LongAdder sent = new LongAdder();
        final LongAdder rejected = new LongAdder();
        final Map<String, LongAdder> dropped = new ConcurrentHashMap<>();
    }
}
