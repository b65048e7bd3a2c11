package dev.weir.enrich.senders;

import dev.weir.pipeline.Signal;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Requests, items and bytes of each signal, and mismatches; added to from any thread. */
final class Totals {

    private static final Signal[] SIGNALS = Signal.values();

    private final LongAdder[] requests = adders();
    private final LongAdder[] items = adders();
    private final LongAdder[] bytes = adders();
    private final LongAdder mismatches = new LongAdder();

    void add(Signal signal, long itemCount, long byteCount, boolean mismatch) {
        int index = signal.ordinal();
        requests[index].increment();
        items[index].add(itemCount);
        bytes[index].add(byteCount);
        if (mismatch) {
            mismatches.increment();
        }
    }

    /** Moves all that is here; what is added meanwhile is moved or stays, but is not lost. */
    void drainTo(Totals target) {
        for (int i = 0; i < SIGNALS.length; i++) {
            target.requests[i].add(requests[i].sumThenReset());
            target.items[i].add(items[i].sumThenReset());
            target.bytes[i].add(bytes[i].sumThenReset());
        }
        target.mismatches.add(mismatches.sumThenReset());
    }

    long bytes() {
        long sum = 0;
        for (LongAdder ofSignal : bytes) {
            sum += ofSignal.sum();
        }
        return sum;
    }

    SenderVolume read() {
        Map<Signal, SenderVolume.Counts> signals = new EnumMap<>(Signal.class);
        for (int i = 0; i < SIGNALS.length; i++) {
            long count = requests[i].sum();
            if (count != 0) {
                signals.put(SIGNALS[i], new SenderVolume.Counts(count, items[i].sum(), bytes[i].sum()));
            }
        }
        return new SenderVolume(signals, mismatches.sum());
    }

    private static LongAdder[] adders() {
        LongAdder[] adders = new LongAdder[SIGNALS.length];
        for (int i = 0; i < adders.length; i++) {
            adders[i] = new LongAdder();
        }
        return adders;
    }
}
