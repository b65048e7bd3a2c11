package dev.weir.export;

import dev.weir.pipeline.Deadline;
import dev.weir.pipeline.Destination;
import dev.weir.pipeline.EventLog;
import dev.weir.pipeline.Hop;
import dev.weir.pipeline.Ledger;
import dev.weir.tls.TlsFiles;
import io.opentelemetry.api.trace.Tracer;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Every configured destination, each with its own queue, connection and retries. */
public final class Exporters implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Exporters.class);
    private static final long EVERY_SECOND = 1_000;
    private static final Duration ERROR_INTERVAL = Duration.ofSeconds(30);
    private static final int COMPRESSORS = 2;
    /** For an event loop to notice that a deadline has passed. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final Vertx vertx;
    private final WorkerExecutor workers;
    private final EventLog log = new EventLog(LOG);
    private final EventLog errors = new EventLog(LOG::error, System::nanoTime, ERROR_INTERVAL);
    private final List<QueuedDestination> destinations = new ArrayList<>();
    private final List<TlsFiles> tlsFiles = new ArrayList<>();
    private final List<Watched> watched = new ArrayList<>();
    private final long ticker;

    private record Watched(String name, Headers headers) {}

    /**
     * Where destinations have their time and their chance from.
     *
     * @param loops a new loop for each destination, on Vert.x's threads
     * @param random shared by all destinations: any thread
     */
    record Timing(Supplier<Loop> loops, InstantSource clock, RandomGenerator random) {}

    /**
     * Starts without connecting; a destination that cannot be reached is tried when something is to be sent.
     *
     * @param config destinations by name, without {@link #faults}
     * @param vertx whose event loops do the work; stays open
     * @param ledger counts what becomes of every item
     * @param tracer makes one span for each request sent; never propagated to the destination
     * @param queueCap the most bytes of any queue, so that one destination that is down cannot fill the memory of all
     * @param hop marks what is sent, so that it is known when it comes back
     * @throws IllegalArgumentException with every fault of the configuration
     */
    public Exporters(
            Map<String, ExportConfig> config, Vertx vertx, Ledger ledger, Tracer tracer, long queueCap, Hop hop) {
        this(
                config,
                vertx,
                ledger,
                tracer,
                queueCap,
                hop,
                new Timing(() -> new VertxLoop(vertx), InstantSource.system(), new Random()));
    }

    Exporters(
            Map<String, ExportConfig> config,
            Vertx vertx,
            Ledger ledger,
            Tracer tracer,
            long queueCap,
            Hop hop,
            Timing timing) {
        List<String> faults = faults(config);
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", faults));
        }
        this.vertx = vertx;
        this.workers = vertx.createSharedWorkerExecutor("weir-export", COMPRESSORS);
        new TreeMap<>(config).forEach((name, one) -> {
            Plan plan = Plan.of(name, config, queueCap, timing.random());
            Headers headers = new Headers(one.headers(), System::getenv);
            if (headers.fromFiles()) {
                watched.add(new Watched(name, headers));
            }
            Loop loop = timing.loops().get();
            Transport transport = new TracedTransport(
                    new ScrubbedTransport(transport(plan, one, headers, loop, timing.clock(), hop), headers),
                    tracer,
                    name);
            Progress progress = new Progress(timing.clock());
            destinations.add(
                    new QueuedDestination(plan, loop, transport, ledger.destination(name), log, errors, progress));
        });
        tellWhatIsCut(config, queueCap);
        ticker = vertx.setPeriodic(EVERY_SECOND, id -> tick());
    }

    /** A queue that is smaller than it was meant to be is otherwise noticed only when it is full. */
    private static void tellWhatIsCut(Map<String, ExportConfig> config, long queueCap) {
        List<String> cut = new TreeMap<>(config)
                .entrySet().stream()
                        .filter(one -> one.getValue().queue().size().bytes() > queueCap)
                        .map(Map.Entry::getKey)
                        .toList();
        if (!cut.isEmpty()) {
            LOG.infof(
                    "queue.size of %s is cut to %d bytes, an equal share of the memory for queues; raise weir.memory.limit"
                            + " for more",
                    String.join(", ", cut), queueCap);
        }
    }

    private Transport transport(
            Plan plan, ExportConfig config, Headers headers, Loop loop, InstantSource clock, Hop hop) {
        @Nullable TlsFiles tls = plan.endpoint().tls() ? TlsFiles.forClient(config.tls()) : null;
        if (tls != null) {
            tlsFiles.add(tls);
        }
        @Nullable String serverName = config.tls().serverName().orElse(null);
        return plan.protocol().equals(Plan.GRPC)
                ? new GrpcTransport(plan, headers, tls, serverName, vertx, workers, hop)
                : new HttpTransport(plan, headers, tls, serverName, vertx, loop, workers, clock, hop);
    }

    private void tick() {
        log.summarise();
        errors.summarise();
        if (!watched.isEmpty()) {
            workers.executeBlocking(
                    () -> {
                        watched.forEach(this::refresh);
                        return null;
                    },
                    false);
        }
    }

    private void refresh(Watched one) {
        for (String problem : one.headers().refresh()) {
            log.warn(one.name() + " " + problem, "export." + one.name() + ": " + problem + "; the last value stays");
        }
    }

    /** In the order of their names. */
    public List<Destination> destinations() {
        return List.copyOf(destinations);
    }

    /** In the order of their names. */
    public List<DestinationStatus> status() {
        return destinations.stream().map(QueuedDestination::status).toList();
    }

    /**
     * Sends what is queued. Returns when nothing is queued any more or the deadline has passed; what is left then, and
     * what is still enqueued later, is counted as {@code dropped{shutdown}}. A destination that fails
     * is tried again until the deadline, with pauses of at most a second or a quarter of the time left. Blocks; not for
     * event loops.
     */
    public void drain(Deadline deadline) {
        CompletableFuture<?>[] drained = destinations.stream()
                .map(destination -> destination.drain(deadline.nanoTime()))
                .toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(drained).get(deadline.left().plus(GRACE).toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException e) {
            log.warn("drain", "an event loop did not end its destinations in time");
        } catch (ExecutionException e) {
            throw new IllegalStateException("a drain cannot fail", e);
        }
    }

    /** Closes connections. What is still queued is counted as {@code dropped{shutdown}}. */
    @Override
    public void close() {
        drain(Deadline.in(Duration.ZERO));
        vertx.cancelTimer(ticker);
        destinations.forEach(QueuedDestination::close);
        tlsFiles.forEach(TlsFiles::close);
        workers.close();
        log.summarise();
        errors.summarise();
    }

    /** Every fault of the configuration, one sentence each, with the key's name; never shows a header's value. */
    public static List<String> faults(Map<String, ExportConfig> config) {
        return ExportFaults.of(config, System::getenv);
    }
}
