package dev.weir.admin;

import dev.weir.sample.Reloading;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;

/** What became of changes to {@code weir.yaml}. */
final class ReloadMeters implements MeterBinder {

    private final Reloading reloading;

    ReloadMeters(Reloading reloading) {
        this.reloading = reloading;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        if (Registered.has(registry, "weir.config.faulty", Tags.empty())) {
            return;
        }
        Gauge.builder("weir.config.faulty", reloading, r -> r.faults().isEmpty() ? 0 : 1)
                .description("1 when weir.yaml was changed to one that cannot be used")
                .register(registry);
        Gauge.builder(
                        "weir.config.restart.keys",
                        reloading,
                        r -> r.needRestart().size())
                .description("Keys of weir.yaml that have changed and are in use only after a restart")
                .register(registry);
        FunctionCounter.builder("weir.ratio.reloads", reloading, Reloading::ratioReloads)
                .description("Times that another sample.ratio took the place of the one in use")
                .register(registry);
    }
}
