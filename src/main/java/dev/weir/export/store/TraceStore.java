package dev.weir.export.store;

import dev.weir.pipeline.Batch;
import dev.weir.pipeline.Destination;
import dev.weir.pipeline.DestinationLedger;
import dev.weir.pipeline.Ledger;
import dev.weir.pipeline.Signal;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** Traces in memory, bounded in bytes, oldest out first. */
public final class TraceStore implements Destination {

    /** The destination's name in the ledger. */
    public static final String NAME = "store";

    private final long maxBytes;
    private final DestinationLedger ledger;
    private final AtomicLong announced = new AtomicLong();

    public TraceStore(long maxBytes, Ledger ledger) {
        this.maxBytes = maxBytes;
        this.ledger = ledger.destination(NAME);
        this.ledger.queuedBy(signal -> signal == Signal.TRACES ? announced.get() : 0);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean takes(Signal signal) {
        return signal == Signal.TRACES;
    }

    @Override
    public int maxMessageSize() {
        return Integer.MAX_VALUE;
    }

    @Override
    public boolean tryReserve(Signal signal, int items, long bytes) {
        announced.addAndGet(items);
        ledger.enqueued(signal, items);
        return true;
    }

    @Override
    public void unreserve(Signal signal, int items, long bytes) {
        ledger.enqueued(signal, -items);
        announced.addAndGet(-items);
    }

    @Override
    public void enqueue(Batch batch, long reservedBytes) {
        announced.addAndGet(-batch.items());
        ledger.sent(batch.signal(), batch.items());
        batch.release();
    }

    /** Every {@code service.name} of a kept trace, sorted. */
    public List<String> services() {
        return List.of();
    }

    /** The newest matching traces, newest first. */
    public List<TraceSummary> search(Query query) {
        return List.of();
    }

    /**
     * All spans of a trace as one request.
     *
     * @param traceId 32 hex digits, in either case
     */
    public Optional<byte[]> trace(String traceId) {
        return Optional.empty();
    }

    /** Bytes in use, the index included. */
    public long bytes() {
        return 0;
    }

    public long maxBytes() {
        return maxBytes;
    }

    /** Traces kept now. */
    public long traces() {
        return 0;
    }

    /** Traces that made room for newer ones since the start. */
    public long evictedTraces() {
        return 0;
    }
}
