package dev.weir.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * The conservation counters, in items. Per signal, exact whenever intake pauses:
 *
 * <pre>
 *   received = delivered + sampled_out{policy} + dropped{reason} + held
 * </pre>
 *
 * where delivered means that every destination has taken or dropped the item; the law of each destination is in
 * {@link DestinationLedger}. What was refused or rejected at the door was not received and is counted apart.
 */
public final class Ledger {

    private final SignalCounters[] signals = new SignalCounters[Signal.values().length];
    private final Map<String, DestinationLedger> destinations = new ConcurrentSkipListMap<>();

    public Ledger() {
        for (int i = 0; i < signals.length; i++) {
            signals[i] = new SignalCounters();
        }
    }

    public void received(Signal signal, long items) {
        of(signal).received.add(items);
    }

    public void delivered(Signal signal, long items) {
        of(signal).delivered.add(items);
    }

    public void sampledOut(Signal signal, String policy, long items) {
        add(of(signal).sampledOut, policy, items);
    }

    public void dropped(Signal signal, String reason, long items) {
        add(of(signal).dropped, reason, items);
    }

    /** Items that were kept, but not quite as sampling would have it. Not part of the law: they are delivered as well. */
    public void irregular(Signal signal, String reason, long items) {
        add(of(signal).irregular, reason, items);
    }

    /** A whole request was refused at the door; items is 0 when they could not be counted. */
    public void refused(Signal signal, Refusal.Reason reason, long items) {
        add(of(signal).refusedRequests, reason.label(), 1);
        add(of(signal).refusedItems, reason.label(), items);
    }

    /** Items of an otherwise good request were rejected at the door (partial success). */
    public void rejected(Signal signal, String reason, long items) {
        add(of(signal).rejected, reason, items);
    }

    /** Registers a place where items are held; asked whenever the ledger is read. */
    public void heldBy(Signal signal, LongSupplier items) {
        of(signal).held.add(items);
    }

    /** The counters of one destination, made on first use. */
    public DestinationLedger destination(String name) {
        return destinations.computeIfAbsent(name, n -> new DestinationLedger());
    }

    public Map<String, DestinationLedger> destinations() {
        return destinations;
    }

    public Counts read(Signal signal) {
        SignalCounters c = of(signal);
        long held = 0;
        for (LongSupplier place : c.held) {
            held += place.getAsLong();
        }
        return new Counts(
                c.received.sum(),
                c.delivered.sum(),
                sums(c.sampledOut),
                sums(c.dropped),
                held,
                sums(c.rejected),
                sums(c.refusedItems),
                sums(c.refusedRequests),
                sums(c.irregular));
    }

    /** What of the two laws does not hold, one sentence each; empty when all do. Meaningful while intake pauses. */
    public List<String> violations() {
        List<String> found = new ArrayList<>();
        for (Signal signal : Signal.values()) {
            Counts c = read(signal);
            if (c.missing() != 0) {
                found.add(signal.label() + ": received − (delivered + sampled out + dropped + held) = " + c.missing());
            }
            destinations.forEach((name, d) -> {
                long missing = d.read(signal).missing();
                if (missing != 0) {
                    found.add(signal.label() + " to " + name + ": enqueued − (sent + rejected + dropped + queued) = "
                            + missing);
                }
            });
        }
        return found;
    }

    private SignalCounters of(Signal signal) {
        return signals[signal.ordinal()];
    }

    static void add(Map<String, LongAdder> counters, String label, long items) {
        counters.computeIfAbsent(label, l -> new LongAdder()).add(items);
    }

    static Map<String, Long> sums(Map<String, LongAdder> counters) {
        Map<String, Long> sums = new TreeMap<>();
        counters.forEach((label, adder) -> sums.put(label, adder.sum()));
        return sums;
    }

    static long total(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    /** One signal's counters at a moment, in items. */
    public record Counts(
            long received,
            long delivered,
            Map<String, Long> sampledOut,
            Map<String, Long> dropped,
            long held,
            Map<String, Long> rejected,
            Map<String, Long> refusedItems,
            Map<String, Long> refusedRequests,
            Map<String, Long> irregular) {

        /** What the law leaves unexplained: 0 when it holds. */
        public long missing() {
            return received - delivered - total(sampledOut) - total(dropped) - held;
        }
    }

    private static final class SignalCounters {
        final LongAdder received = new LongAdder();
        final LongAdder delivered = new LongAdder();
        final Map<String, LongAdder> sampledOut = new ConcurrentHashMap<>();
        final Map<String, LongAdder> dropped = new ConcurrentHashMap<>();
        final Map<String, LongAdder> rejected = new ConcurrentHashMap<>();
        final Map<String, LongAdder> refusedItems = new ConcurrentHashMap<>();
        final Map<String, LongAdder> refusedRequests = new ConcurrentHashMap<>();
        final Map<String, LongAdder> irregular = new ConcurrentHashMap<>();
        final List<LongSupplier> held = new CopyOnWriteArrayList<>();
    }
}
