package dev.weir.enrich.kubernetes;

import io.fabric8.kubernetes.client.Config;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the pods of the cluster current by a list and a watch of the Kubernetes API. Needs the right to get, list and watch pods,
 * and no other.
 *
 * <p>Everything happens on threads of its own, beginning with the first connection: nobody waits for the API server. While it is
 * not reached, pods are found by uid and by name as they were last, and by address only for what began before.
 */
public final class PodWatch implements Pods, AutoCloseable {

    /** Bytes of heap that a pod takes: 677 were measured. */
    public static final int BYTES_OF_A_POD = 700;

    private static final Logger LOG = Logger.getLogger(PodWatch.class);
    private static final Duration TICK = Duration.ofMillis(500);
    private static final Duration PAUSE = Duration.ofSeconds(30);

    /** The client ends each watch after 5 to 10 minutes, and goes on with the next where that stood, after a second and the way there. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    /** The API server says each minute how far the watch has come, if nothing else. */
    private static final Duration SILENCE = Duration.ofMinutes(3);

    private final PodIndex index;
    private final WatchState state;
    private final InstantSource clock;
    private final PodJson json = new PodJson(this::heard);
    private final @Nullable ScheduledExecutorService thread;
    private volatile long heardAt;
    private @Nullable PodInformer informer;
    private boolean wasWatching;
    private boolean current;
    private long goodAt;
    private long beginAt;

    private PodWatch(
            @Nullable ScheduledExecutorService thread, WatchStatus.State first, int most, InstantSource clock) {
        this.thread = thread;
        this.clock = clock;
        index = new PodIndex(most);
        state = new WatchState(first, clock, LOG::warn, LOG::info);
    }

    /** Finds no pod, and asks nobody. */
    public static PodWatch off() {
        return new PodWatch(null, WatchStatus.State.OFF, 0, InstantSource.system());
    }

    /** {@link #start} in a pod that has a service account; elsewhere {@link #off}, which is said. */
    public static PodWatch startInCluster(int most) {
        String reason = Surroundings.whyNoCluster(System.getenv(), Surroundings.TOKEN);
        if (reason == null) {
            return start(most);
        }
        LOG.infof("pods are not looked up: %s", reason);
        return off();
    }

    /** Begins to watch, and returns at once: in a cluster with the pod's service account, elsewhere by {@code KUBECONFIG}. */
    public static PodWatch start(int most) {
        return start(() -> Config.autoConfigure(null), most, InstantSource.system());
    }

    /**
     * Begins to watch, and returns at once.
     *
     * @param config where the API server is and who asks; called on the watch's thread
     * @param most pods that are kept
     * @param clock by which silence is measured
     */
    public static PodWatch start(Supplier<Config> config, int most, InstantSource clock) {
        ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
                task -> Thread.ofPlatform().daemon().name("weir-pods").unstarted(task));
        PodWatch watch = new PodWatch(thread, WatchStatus.State.CONNECTING, most, clock);
        var unused = thread.scheduleWithFixedDelay(() -> watch.tick(config), 0, TICK.toMillis(), TimeUnit.MILLISECONDS);
        return watch;
    }

    @Override
    public @Nullable Pod byUid(String uid) {
        return index.byUid(uid);
    }

    @Override
    public @Nullable Pod byName(String namespace, String name) {
        return index.byName(namespace, name);
    }

    @Override
    public @Nullable Pod byIp(String ip, long seenEpochNanos) {
        return index.byIp(ip, seenEpochNanos);
    }

    /** How it is doing. */
    public WatchStatus status() {
        return state.read(index.size(), index.most(), index.ignored());
    }

    /** Stops watching; what is known stays. Waits at most a second. */
    @Override
    public void close() {
        ScheduledExecutorService running = thread;
        if (running == null) {
            return;
        }
        running.execute(this::stop);
        running.shutdown();
        try {
            if (!running.awaitTermination(1, TimeUnit.SECONDS)) {
                running.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Looks after the watch, which tells of failures but not of being well again. */
    private void tick(Supplier<Config> config) {
        long now = clock.millis();
        try {
            if (informer != null) {
                look(informer, now);
            } else if (now >= beginAt) {
                beginAt = now + PAUSE.toMillis();
                begin(config.get());
            }
        } catch (RuntimeException | LinkageError e) {
            state.failed(Failure.text(e)); // a faulty kubeconfig, which is read again later
        }
    }

    private void begin(Config config) {
        heard();
        wasWatching = false;
        informer = new PodInformer(config, json, index, failure -> {
            heard();
            state.failed(Failure.text(failure));
        });
    }

    private void look(PodInformer watched, long now) {
        boolean watching = watched.isWatching();
        if (watching && !wasWatching) {
            heardAt = now;
        }
        if (now - heardAt > SILENCE.toMillis()) {
            lost(heardAt, "nothing was heard of it for " + SILENCE.toMinutes() + " minutes");
            stop(); // what is open to somebody who says nothing may stay so for long: the next tick begins anew
            beginAt = now;
        } else if (watching && wasWatching) {
            // For a whole tick: what had been missed meanwhile is here too.
            index.currentUntil(Long.MAX_VALUE);
            state.synced(index.size());
            current = true;
            goodAt = now;
        } else if (current && !watching) {
            // Whom an address was given to meanwhile is told only when the watch is back.
            index.currentUntil(TimeUnit.MILLISECONDS.toNanos(goodAt));
            if (now - goodAt > GRACE.toMillis()) {
                lost(goodAt, "the watch was cut off");
            }
        }
        wasWatching = watching;
    }

    private void lost(long knownUntil, String why) {
        if (current) {
            current = false;
            index.currentUntil(TimeUnit.MILLISECONDS.toNanos(knownUntil));
        }
        state.lost(why);
    }

    private void heard() {
        heardAt = clock.millis();
    }

    private void stop() {
        if (informer != null) {
            informer.close();
            informer = null;
        }
    }
}
