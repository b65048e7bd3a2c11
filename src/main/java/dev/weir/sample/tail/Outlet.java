package dev.weir.sample.tail;

import dev.weir.pipeline.Ledger;
import dev.weir.pipeline.Signal;
import org.jspecify.annotations.Nullable;

/** Where what was decided goes, spans or log records, and what the ledger is told of it. For one thread. */
final class Outlet {

    private final Signal signal;
    private final Outbox outbox;
    private final Emission emission;
    private final SampledOut sampledOut;
    private final Ledger ledger;
    private int lost;
    private long unwritable;
    /** What {@link #emission} was told last; -1 for none. */
    private int origin;

    Outlet(Signal signal, Outbox outbox, PolicyNames names, Ledger ledger, int requestBytes) {
        this.signal = signal;
        this.outbox = outbox;
        this.ledger = ledger;
        emission = new Emission(requestBytes, outbox);
        sampledOut = new SampledOut(names);
    }

    void sampledOut(int policy, long count) {
        sampledOut.add(policy, count);
    }

    /** @param policy to be written into what is kept of the trace; null for none */
    void trace(Decision d, byte @Nullable [] policy) {
        emission.trace(d.randomness, d.threshold, d.isProbabilityKnown, policy);
        origin = -1;
    }

    /** Where the trace's items that follow come from. */
    void origin(int number, Origins origins) {
        if (number != origin) {
            emission.origin(origins.get(number));
            origin = number;
        }
    }

    /** Writes the kept item of the trace where the reader stands. */
    void emit(SpanReader reader) {
        boolean hasState = (reader.flags() & SpanFlags.TRACE_STATE) != 0;
        if (signal == Signal.LOGS) {
            emission.log(reader.bytes(), reader.from(), reader.length(), hasState);
        } else {
            emission.span(reader.bytes(), reader.from(), reader.length(), hasState);
        }
    }

    /** So many kept items could not be written. */
    void lose(int items) {
        lost += items;
    }

    /** So many were kept in this round: those that are not lost are on their way. */
    void expect(int kept) {
        outbox.expect(kept - lost);
    }

    void flush() {
        emission.flush();
    }

    /** Tells what has come together since the last time. */
    void tell() {
        sampledOut.tell(ledger, signal);
        if (lost > 0) {
            ledger.dropped(signal, Outbox.FAULT, lost);
            lost = 0;
        }
        if (emission.unwritable() > unwritable) {
            ledger.irregular(signal, "th_unwritable", emission.unwritable() - unwritable);
            unwritable = emission.unwritable();
        }
    }
}
