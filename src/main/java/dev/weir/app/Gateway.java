package dev.weir.app;

import dev.weir.batch.BatchStage;
import dev.weir.enrich.EnrichStage;
import dev.weir.enrich.MeshConfig;
import dev.weir.enrich.kubernetes.PodWatch;
import dev.weir.enrich.senders.Senders;
import dev.weir.export.Exporters;
import dev.weir.export.store.TraceStore;
import dev.weir.pipeline.Deadline;
import dev.weir.pipeline.Destination;
import dev.weir.pipeline.Hop;
import dev.weir.pipeline.Ledger;
import dev.weir.pipeline.Lifecycle;
import dev.weir.pipeline.MemoryBudget;
import dev.weir.pipeline.Signal;
import dev.weir.pipeline.SlowSteps;
import dev.weir.pipeline.Stage;
import dev.weir.receive.DoorException;
import dev.weir.receive.Doors;
import dev.weir.sample.SampleConfig;
import dev.weir.sample.policy.Rules;
import dev.weir.sample.ratio.RatioStage;
import dev.weir.sample.tail.FaultyPoliciesException;
import dev.weir.sample.tail.PolicyFile;
import dev.weir.sample.tail.TailSampling;
import dev.weir.sample.tail.TailStage;
import io.opentelemetry.api.trace.Tracer;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * The whole way of the data, put together: {@code receive → enrich → sample → batch → export}. Everything is made in the constructor, from
 * the last part to the first, because each part is given the one after it.
 */
public final class Gateway implements Lifecycle {

    private static final Logger LOG = Logger.getLogger("weir");

    private final WeirConfig config;
    private final LiveConfig live;
    private final MemoryPlan plan;
    private final MemoryBudget budget;
    private final Ledger ledger = new Ledger();
    private final Senders senders = new Senders(Senders.MOST);
    private final PodWatch pods;
    private final Exporters exporters;
    private final Optional<TraceStore> store;
    private final List<Destination> destinations;
    private final BatchStage batch;
    private final Optional<TailSampling> tail;
    private final SlowSteps slowSteps;
    private final Doors doors;
    private final Instant startedAt = Instant.now();
    private final CountDownLatch skipDelay = new CountDownLatch(1);
    private volatile State state = State.STARTING;

    /** @param checked a configuration without faults */
    Gateway(ConfigFile.Checked checked, Vertx vertx, Tracer tracer) {
        config = Objects.requireNonNull(checked.config());
        live = live(checked);
        boolean storing = config.store().enabled().orElse(config.export().isEmpty());
        plan = MemoryPlan.of(config, checked.policies().isPresent());
        budget = plan.newBudget();
        long queueCap = queueCap(config.export().size() + (storing ? 1 : 0));
        Hop hop = Hop.ofThisProcess();
        exporters = new Exporters(config.export(), vertx, ledger, tracer, queueCap, hop);
        destinations = new ArrayList<>(exporters.destinations());
        store = storing
                ? Optional.of(new TraceStore(plan.store(), queueCap, storeWhenFull(destinations), ledger))
                : Optional.empty();
        store.ifPresent(destinations::add);
        batch = new BatchStage(config.batch(), destinations, budget, ledger);
        slowSteps = new SlowSteps(tracer);
        tail = live.policies().map(this::tailSampling);
        Stage afterRatio = tail.<Stage>map(TailSampling::stage).orElse(batch);
        RatioStage ratio = new RatioStage(live.ratio(), budget, ledger, afterRatio);
        live.shares(ratio::configure);
        pods = podWatch(config.mesh().kubernetes(), plan.pods());
        EnrichStage enrich = new EnrichStage(
                config.mesh(),
                config.redact(),
                config.attributes(),
                System::getenv,
                List.of(config.receive().grpc().port(), config.receive().http().port()),
                pods,
                senders,
                budget,
                ledger,
                ratio);
        doors = new Doors(
                config.receive(),
                vertx,
                budget,
                ledger,
                enrich,
                slowSteps,
                hop,
                EnrichStage.headers(config.mesh()),
                enrich.sieve());
    }

    private static LiveConfig live(ConfigFile.Checked checked) {
        try {
            return new LiveConfig(checked);
        } catch (FaultyPoliciesException e) {
            throw new IllegalStateException("the configuration changed after it was checked: " + e.getMessage(), e);
        }
    }

    private static PodWatch podWatch(MeshConfig.Kubernetes when, int most) {
        return switch (when) {
            case AUTO -> PodWatch.startInCluster(most);
            case ON -> PodWatch.start(most);
            case OFF -> PodWatch.off();
        };
    }

    private TailSampling tailSampling(PolicyFile<Rules> policies) {
        HeldPlan held = plan.held();
        TailStage stage = TailStage.of(
                config.sample().tail(),
                config.sample().logs() == SampleConfig.Logs.FOLLOW_TRACE,
                held.buffer(),
                held.remember(),
                held.explain(),
                policies::current,
                budget,
                ledger,
                batch);
        return new TailSampling(stage, policies);
    }

    void start() throws DoorException {
        doors.open();
        state = State.RUNNING;
        new StartLines(config, plan, budget).log(doors.grpcPort(), doors.httpPort(), destinations);
    }

    /**
     * Stops in order: not ready, but taking data for {@code shutdown-delay}; connections told to go away; new requests
     * refused; held data flushed; destinations drained; doors closed; one line with the ledger.
     *
     * @return the process's exit code: 0, or 3 if anything was dropped on the way out
     */
    int drain() {
        long droppedBefore = dropped();
        state = State.DRAINING;
        LOG.infof("stopping: not ready any more, taking data for another %s", text(config.shutdownDelay()));
        pause(config.shutdownDelay());
        long begun = System.nanoTime();
        Deadline deadline = Deadline.in(config.shutdownTimeout());
        doors.goAway();
        doors.refuseNew();
        tail.ifPresent(sampling -> sampling.stage().drain(deadline));
        batch.drain(deadline);
        store.ifPresent(s -> s.drain(deadline));
        exporters.drain(deadline);
        doors.close(deadline);
        tail.ifPresent(sampling -> sampling.stage().drain(deadline)); // what came meanwhile
        live.close();
        pods.close();
        tail.ifPresent(TailSampling::close);
        batch.close(); // with what was under way when new requests began to be refused
        store.ifPresent(s -> s.drain(deadline));
        exporters.drain(deadline);
        store.ifPresent(TraceStore::close);
        exporters.close();
        state = State.STOPPED;
        long dropped = dropped() - droppedBefore;
        slowSteps.ended("drain", begun, span -> span.setAttribute("dropped", dropped));
        LOG.info("stopped: " + new LedgerLine(ledger));
        return dropped == 0 ? 0 : 3;
    }

    /** Ends the {@code shutdown-delay} at once. */
    void skipDelay() {
        skipDelay.countDown();
    }

    @Override
    public State state() {
        return state;
    }

    @Override
    public Instant startedAt() {
        return startedAt;
    }

    Ledger ledger() {
        return ledger;
    }

    MemoryBudget budget() {
        return budget;
    }

    PodWatch pods() {
        return pods;
    }

    Senders senders() {
        return senders;
    }

    Exporters exporters() {
        return exporters;
    }

    SlowSteps slowSteps() {
        return slowSteps;
    }

    LiveConfig live() {
        return live;
    }

    Optional<TailSampling> tail() {
        return tail;
    }

    Optional<TraceStore> store() {
        return store;
    }

    Doors doors() {
        return doors;
    }

    private void pause(Duration duration) {
        try {
            skipDelay.await(duration.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private long dropped() {
        return LedgerLine.dropped(ledger);
    }

    /** All queues together may fill 60 % of the memory for telemetry: however many are down, there is room to work. */
    private long queueCap(int queues) {
        return (long) (plan.budget() * 0.6) / Math.max(1, queues);
    }

    /** With another destination for traces, a slow store must not hold that one back. */
    private static Destination.WhenFull storeWhenFull(List<Destination> others) {
        return others.stream().anyMatch(d -> d.takes(Signal.TRACES))
                ? Destination.WhenFull.DROP
                : Destination.WhenFull.REFUSE;
    }

    private static String text(Duration duration) {
        return duration.toString().substring(2).toLowerCase(Locale.ROOT);
    }
}
