package dev.weir.admin;

import dev.weir.export.store.TraceStore;
import dev.weir.pipeline.MemoryBudget;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Locale;
import java.util.Optional;

/** Memory, the embedded store, and what is running. */
final class ProcessMeters implements MeterBinder {

    private final MemoryBudget budget;
    private final Optional<TraceStore> store;
    private final BuildInfo build;

    ProcessMeters(MemoryBudget budget, Optional<TraceStore> store, BuildInfo build) {
        this.budget = budget;
        this.store = store;
        this.build = build;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        if (Registered.has(registry, "weir.build.info", Tags.empty())) {
            return;
        }
        memory(registry);
        store.ifPresent(kept -> store(registry, kept));
        Gauge.builder("weir.build.info", build, b -> 1)
                .description("What is running; always 1")
                .tags("version", build.version(), "commit", build.commit(), "runtime", build.runtime())
                .register(registry);
    }

    private void memory(MeterRegistry registry) {
        Gauge.builder("weir.memory.limit.bytes", budget, MemoryBudget::limit)
                .description("The most bytes of telemetry that the process holds")
                .register(registry);
        for (MemoryBudget.Use use : MemoryBudget.Use.values()) {
            String label = use.name().toLowerCase(Locale.ROOT);
            Gauge.builder("weir.memory.used.bytes", budget, b -> b.used(use))
                    .description("Bytes of telemetry held")
                    .tag("use", label)
                    .register(registry);
            Gauge.builder("weir.memory.floor.bytes", budget, b -> b.floor(use))
                    .description("Bytes that the other uses cannot take")
                    .tag("use", label)
                    .register(registry);
        }
    }

    private static void store(MeterRegistry registry, TraceStore store) {
        Gauge.builder("weir.store.bytes", store, TraceStore::bytes)
                .description("Bytes in the embedded store, its index included")
                .register(registry);
        Gauge.builder("weir.store.limit.bytes", store, TraceStore::maxBytes)
                .description("The most that weir_store_bytes may be")
                .register(registry);
        Gauge.builder("weir.store.traces", store, TraceStore::traces)
                .description("Traces in the embedded store")
                .register(registry);
        FunctionCounter.builder("weir.store.evicted.traces", store, TraceStore::evictedTraces)
                .description("Traces that made room for newer ones")
                .register(registry);
    }
}
