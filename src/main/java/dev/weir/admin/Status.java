package dev.weir.admin;

import dev.weir.enrich.kubernetes.WatchStatus;
import dev.weir.export.DestinationStatus;
import dev.weir.export.store.TraceStore;
import dev.weir.pipeline.DestinationLedger;
import dev.weir.pipeline.Ledger;
import dev.weir.pipeline.Lifecycle;
import dev.weir.pipeline.MemoryBudget;
import dev.weir.pipeline.Signal;
import dev.weir.receive.DoorCounters;
import dev.weir.receive.Doors;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code GET /api/status}.
 *
 * @param pipeline the ledger by signal, in items
 * @param destinations by name, the embedded store among them
 * @param store null when it is off
 * @param kubernetes the watch on pods
 * @param violations what of the ledger's laws does not hold; requests under way may show here for a moment
 */
record Status(
        Lifecycle.State state,
        Instant startedAt,
        double uptimeSeconds,
        BuildInfo build,
        DoorsStatus doors,
        MemoryStatus memory,
        Map<String, Ledger.Counts> pipeline,
        Map<String, Destination> destinations,
        @Nullable StoreStatus store,
        WatchStatus kubernetes,
        List<String> violations) {

    static Map<String, Ledger.Counts> pipeline(Ledger ledger) {
        Map<String, Ledger.Counts> bySignal = new TreeMap<>();
        for (Signal signal : Signal.values()) {
            bySignal.put(signal.label(), ledger.read(signal));
        }
        return bySignal;
    }

    static Map<String, Destination> destinations(List<DestinationStatus> exporters, Ledger ledger) {
        Map<String, DestinationStatus> byName = new TreeMap<>();
        exporters.forEach(exporter -> byName.put(exporter.name(), exporter));
        Map<String, Destination> all = new TreeMap<>();
        ledger.destinations().forEach((name, counts) -> all.put(name, Destination.of(byName.get(name), counts)));
        return all;
    }

    /**
     * @param exporter queue, state and last error; null for the embedded store
     * @param ledger by signal, in items
     */
    record Destination(@Nullable DestinationStatus exporter, Map<String, DestinationLedger.Counts> ledger) {

        static Destination of(@Nullable DestinationStatus exporter, DestinationLedger ledger) {
            Map<String, DestinationLedger.Counts> bySignal = new TreeMap<>();
            for (Signal signal : Signal.values()) {
                bySignal.put(signal.label(), ledger.read(signal));
            }
            return new Destination(exporter, bySignal);
        }
    }

    /** @param open whether both ports are listened on */
    record DoorsStatus(boolean open, Door grpc, Door http) {

        static DoorsStatus of(Doors doors) {
            return new DoorsStatus(
                    doors.isOpen(), Door.of(doors.grpcPort(), doors.grpc()), Door.of(doors.httpPort(), doors.http()));
        }
    }

    /** @param requests finished ones, by outcome */
    record Door(
            int port, long openConnections, long refusedConnections, long receivedBytes, Map<String, Long> requests) {

        static Door of(int port, DoorCounters counters) {
            return new Door(
                    port,
                    counters.openConnections(),
                    counters.refusedConnections(),
                    counters.receivedBytes(),
                    counters.requests());
        }
    }

    /** @param uses by what the memory is used for */
    record MemoryStatus(long limitBytes, long usedBytes, Map<String, UseStatus> uses) {

        static MemoryStatus of(MemoryBudget budget) {
            Map<String, UseStatus> uses = new TreeMap<>();
            for (MemoryBudget.Use use : MemoryBudget.Use.values()) {
                uses.put(
                        use.name().toLowerCase(Locale.ROOT),
                        new UseStatus(budget.used(use), budget.floor(use), budget.available(use)));
            }
            return new MemoryStatus(budget.limit(), budget.used(), uses);
        }
    }

    /**
     * @param floorBytes what the others cannot take from it
     * @param availableBytes what it could still take
     */
    record UseStatus(long usedBytes, long floorBytes, long availableBytes) {}

    /** @param bytes in use, the index included */
    record StoreStatus(long bytes, long maxBytes, long traces, long evictedTraces) {

        static StoreStatus of(TraceStore store) {
            return new StoreStatus(store.bytes(), store.maxBytes(), store.traces(), store.evictedTraces());
        }
    }
}
