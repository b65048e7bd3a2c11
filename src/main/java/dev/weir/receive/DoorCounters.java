package dev.weir.receive;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What one door has seen; read by metrics and the status page, from any thread. */
public final class DoorCounters {

    private final LongAdder connections = new LongAdder();
    private final LongAdder refusedConnections = new LongAdder();
    private final LongAdder wireBytes = new LongAdder();
    private final Map<String, LongAdder> outcomes = new ConcurrentHashMap<>();

    DoorCounters() {}

    /** Connections open now. */
    public long openConnections() {
        return connections.sum();
    }

    /** Connections closed at once because of the connection limit. */
    public long refusedConnections() {
        return refusedConnections.sum();
    }

    /** Bytes of messages received so far, as they came over the wire: before decompression. */
    public long receivedBytes() {
        return wireBytes.sum();
    }

    /**
     * Finished requests by outcome: {@code accepted}, {@code partial}, {@code cancelled}, a label of {@link
     * dev.weir.pipeline.Refusal.Reason}, or {@code protocol} for what is not an export at all (wrong path, method, type
     * or encoding, cut off while slow).
     */
    public Map<String, Long> requests() {
        Map<String, Long> sums = new TreeMap<>();
        outcomes.forEach((outcome, count) -> sums.put(outcome, count.sum()));
        return sums;
    }

    void connected() {
        connections.increment();
    }

    void disconnected() {
        connections.decrement();
    }

    void connectionRefused() {
        refusedConnections.increment();
    }

    void bytes(long count) {
        wireBytes.add(count);
    }

    void request(String outcome) {
        LongAdder counter = outcomes.get(outcome);
        if (counter == null) {
            counter = outcomes.computeIfAbsent(outcome, o -> new LongAdder());
        }
        counter.increment();
    }
}
