package dev.weir.batch;

import dev.weir.pipeline.Deadline;
import dev.weir.pipeline.Destination;
import dev.weir.pipeline.Ledger;
import dev.weir.pipeline.MemoryBudget;
import dev.weir.pipeline.Payload;
import dev.weir.pipeline.Signal;
import dev.weir.pipeline.Stage;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * The last stage: gathers payloads into batches, one {@link SignalBatcher} a signal, and hands each batch to every
 * destination of its signal. Acknowledges a payload when the batch under construction has taken it.
 */
public final class BatchStage implements Stage, AutoCloseable {

    private static final Logger LOG = Logger.getLogger(BatchStage.class);

    private final Map<Signal, SignalBatcher> batchers = new EnumMap<>(Signal.class);
    private final ScheduledExecutorService ticker;

    public BatchStage(BatchConfig config, List<Destination> destinations, MemoryBudget budget, Ledger ledger) {
        this(config, destinations, budget, ledger, System::nanoTime);
    }

    BatchStage(
            BatchConfig config,
            List<Destination> destinations,
            MemoryBudget budget,
            Ledger ledger,
            LongSupplier nanoClock) {
        DrainRate rate = new DrainRate(nanoClock);
        for (Signal signal : Signal.values()) {
            List<Destination> takers =
                    destinations.stream().filter(d -> d.takes(signal)).toList();
            batchers.put(signal, new SignalBatcher(signal, config, takers, budget, ledger, rate, nanoClock));
        }
        ticker = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("weir-batch-ticker").factory());
        long period = Math.clamp(config.age().toNanos() / 8, 1_000_000, 50_000_000);
        ticker.scheduleWithFixedDelay(this::sealAged, period, period, TimeUnit.NANOSECONDS);
    }

    @Override
    public void accept(Payload payload) {
        batcher(payload.signal()).accept(payload);
    }

    @Override
    public void drain(Deadline deadline) {
        batchers.values().forEach(SignalBatcher::seal);
    }

    /** Sends what is held, and refuses what still comes. */
    @Override
    public void close() {
        ticker.shutdownNow();
        batchers.values().forEach(SignalBatcher::close);
    }

    /** One failure must not end the ticker: the others' batches, and the next ones, still age. */
    private void sealAged() {
        for (SignalBatcher batcher : batchers.values()) {
            try {
                batcher.sealIfAged();
            } catch (RuntimeException | Error e) {
                LOG.error("a batch could not be sealed", e);
            }
        }
    }

    private SignalBatcher batcher(Signal signal) {
        SignalBatcher batcher = batchers.get(signal);
        if (batcher == null) {
            throw new IllegalStateException("no batcher for " + signal);
        }
        return batcher;
    }
}
