package dev.weir.admin;

import dev.weir.enrich.kubernetes.PodWatch;
import dev.weir.enrich.senders.Senders;
import dev.weir.export.Exporters;
import dev.weir.export.store.TraceStore;
import dev.weir.pipeline.Ledger;
import dev.weir.pipeline.MemoryBudget;
import dev.weir.receive.Doors;
import dev.weir.sample.Reloading;
import dev.weir.sample.tail.TailSampling;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.quarkus.vertx.http.runtime.filters.Filters;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Weir's own metrics, described in {@code docs/operations.md}. Nothing is counted here: every meter reads what its owner
 * counts anyway, when it is scraped. A reason or policy gets its meter when it first occurs; that is looked after
 * directly before each scrape, so that none is missed.
 */
@Singleton
final class WeirMeters implements MeterBinder {

    private static final int FIRST = 1000;

    private final List<MeterBinder> parts;
    private final String metricsPath;
    private volatile @Nullable MeterRegistry registry;

    WeirMeters(
            Ledger ledger,
            Exporters exporters,
            MemoryBudget budget,
            Doors doors,
            Senders senders,
            Optional<TraceStore> store,
            Optional<TailSampling> tail,
            Reloading reloading,
            PodWatch pods,
            BuildInfo build,
            @org.eclipse.microprofile.config.inject.ConfigProperty(
                            name = "quarkus.micrometer.export.prometheus.path",
                            defaultValue = "metrics")
                    String metricsPath) {
        this.metricsPath = metricsPath;
        parts = List.of(
                new PipelineMeters(ledger),
                new DestinationMeters(ledger, exporters),
                new DoorMeters(doors),
                new SenderMeters(senders),
                new TailMeters(tail),
                new ReloadMeters(reloading),
                new PodMeters(pods),
                new ProcessMeters(budget, store, build));
    }

    @Override
    public void bindTo(MeterRegistry to) {
        registry = to;
        refresh();
    }

    /** Adds meters for what has occurred since; those that are there already stay. Two scrapes may come at once. */
    synchronized void refresh() {
        MeterRegistry to = registry;
        if (to != null) {
            parts.forEach(part -> part.bindTo(to));
        }
    }

    void beforeScrape(@Observes Filters filters) {
        filters.register(
                context -> {
                    if (context.normalizedPath().endsWith(metricsPath)) {
                        refresh();
                    }
                    context.next();
                },
                FIRST);
    }
}
