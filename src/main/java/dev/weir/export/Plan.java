package dev.weir.export;

import dev.weir.pipeline.Destination.WhenFull;
import dev.weir.pipeline.Signal;
import io.netty.util.internal.PlatformDependent;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/** What the configuration says about one destination, copied and completed with defaults. */
record Plan(
        String name,
        String protocol,
        Endpoint endpoint,
        Set<Signal> signals,
        WhenFull whenFull,
        long queueLimit,
        long sendWindow,
        int concurrency,
        int maxMessageSize,
        Duration timeout,
        ExportConfig.Compression compression,
        Duration retryTotal,
        Backoff backoff) {

    static final String GRPC = "grpc";
    static final String HTTP_PROTOBUF = "http/protobuf";

    /**
     * @param all every destination, since what a full queue does follows from whether there is another one
     * @param queueCap the most bytes of any queue, whatever is configured
     */
    static Plan of(String name, Map<String, ExportConfig> all, long queueCap, RandomGenerator random) {
        ExportConfig config = all.get(name);
        if (config == null) {
            throw new IllegalArgumentException("no destination " + name);
        }
        ExportConfig.RetryConfig retry = config.retry();
        return new Plan(
                name,
                config.protocol(),
                Endpoint.of(config.endpoint()),
                Set.copyOf(config.signals()),
                config.queue().whenFull().orElseGet(() -> whenFull(name, config.signals(), all)),
                Math.min(queueCap, config.queue().size().bytes()),
                sendWindow(PlatformDependent.maxDirectMemory(), all.size()),
                config.concurrency(),
                config.maxMessageSize().intBytes(),
                config.timeout(),
                config.compression(),
                retry.total(),
                new Backoff(retry.initial(), retry.multiplier(), retry.max(), random));
    }

    /** All together half of the network's memory; the rest is for what is received, for TLS and for headers. */
    static long sendWindow(long directMemory, int destinations) {
        return directMemory / 2 / Math.max(1, destinations);
    }

    /** With another destination for one of its signals, a full queue must not hold that one back. */
    private static WhenFull whenFull(String name, Set<Signal> signals, Map<String, ExportConfig> all) {
        Set<Signal> shared = EnumSet.noneOf(Signal.class);
        all.forEach((other, config) -> {
            if (!other.equals(name)) {
                shared.addAll(config.signals());
            }
        });
        shared.retainAll(signals);
        return shared.isEmpty() ? WhenFull.REFUSE : WhenFull.DROP;
    }

    /** Metrics go one at a time: a receiver such as Prometheus refuses samples that are older than what it has. */
    Lane.Settings lane(Signal signal) {
        boolean inOrder = signal == Signal.METRICS;
        return new Lane.Settings(inOrder ? 1 : concurrency, inOrder, maxMessageSize, retryTotal.toNanos(), backoff);
    }
}
