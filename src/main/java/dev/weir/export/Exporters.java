package dev.weir.export;

import dev.weir.pipeline.Deadline;
import dev.weir.pipeline.Destination;
import dev.weir.pipeline.Ledger;
import io.opentelemetry.api.trace.Tracer;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;

/** Every configured destination, each with its own queue, connection and retries. */
public final class Exporters implements AutoCloseable {

    /**
     * Starts without connecting; a destination that cannot be reached is tried when something is to be sent.
     *
     * @param config destinations by name, without {@link #faults}
     * @param vertx whose event loops do the work; stays open
     * @param ledger counts what becomes of every item
     * @param tracer makes one span for each request sent; never propagated to the destination
     * @throws IllegalArgumentException with every fault of the configuration
     */
    public Exporters(Map<String, ExportConfig> config, Vertx vertx, Ledger ledger, Tracer tracer) {
        List<String> faults = faults(config);
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", faults));
        }
    }

    /** In the order of their names. */
    public List<Destination> destinations() {
        return List.of();
    }

    public List<DestinationStatus> status() {
        return List.of();
    }

    /**
     * Sends what is queued. Returns when nothing is queued any more or the deadline has passed; what is left then, and
     * what is still enqueued later, is counted as {@code dropped{shutdown}}. No pause goes beyond the deadline. Blocks;
     * not for event loops.
     */
    public void drain(Deadline deadline) {}

    /** Closes connections. What is still queued is counted as {@code dropped{shutdown}}. */
    @Override
    public void close() {}

    /** Every fault of the configuration, one sentence each, with the key's name; never shows a header's value. */
    public static List<String> faults(Map<String, ExportConfig> config) {
        return List.of();
    }
}
