package dev.weir.admin;

import dev.weir.enrich.kubernetes.PodWatch;
import dev.weir.enrich.kubernetes.WatchStatus;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** What is known of the cluster's pods. There without a cluster too, all zero but for the state. */
final class PodMeters implements MeterBinder {

    private final PodWatch pods;

    PodMeters(PodWatch pods) {
        this.pods = pods;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        if (Registered.has(registry, "weir.kubernetes.pods", Tags.empty())) {
            return;
        }
        Gauge.builder("weir.kubernetes.pods", pods, p -> p.status().pods())
                .description("Pods that are known")
                .register(registry);
        for (WatchStatus.State state : WatchStatus.State.values()) {
            Gauge.builder("weir.kubernetes.watch", pods, p -> p.status().state() == state ? 1 : 0)
                    .description("1 for the state in which the watch on pods is, else 0")
                    .tags("state", state.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
        counter(registry, "weir.kubernetes.watch.syncs", "Times that all pods became known", WatchStatus::syncs);
        counter(
                registry,
                "weir.kubernetes.watch.failures",
                "Times that the API server refused, or was lost or not reached",
                WatchStatus::failures);
        counter(
                registry,
                "weir.kubernetes.ignored.events",
                "What was said of pods for which there was no room",
                WatchStatus::ignored);
    }

    private void counter(MeterRegistry registry, String name, String description, ToDoubleFunction<WatchStatus> value) {
        FunctionCounter.builder(name, pods, p -> value.applyAsDouble(p.status()))
                .description(description)
                .register(registry);
    }
}
