package dev.weir.app;

import dev.weir.enrich.kubernetes.PodWatch;
import dev.weir.enrich.senders.Senders;
import dev.weir.export.Exporters;
import dev.weir.export.store.TraceStore;
import dev.weir.pipeline.Ledger;
import dev.weir.pipeline.MemoryBudget;
import dev.weir.pipeline.SlowSteps;
import dev.weir.receive.Doors;
import dev.weir.sample.Reloading;
import dev.weir.sample.tail.TailSampling;
import io.opentelemetry.api.trace.Tracer;
import io.vertx.core.Vertx;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Makes the gateway, and publishes those of its parts that the admin port shows. */
@Singleton
final class GatewayBeans {

    @Produces
    @Singleton
    Gateway gateway(Instance<WeirConfig> platformConfig, Vertx vertx, Tracer tracer) {
        ConfigFile.Checked checked = GatewayApplication.checkedConfig();
        return checked == null || checked.config() == null
                ? gateway(platformConfig.get(), vertx, tracer)
                : new Gateway(checked, vertx, tracer);
    }

    /** As tests start it, without a file: policies can only stand in one of their own. */
    private static Gateway gateway(WeirConfig config, Vertx vertx, Tracer tracer) {
        Optional<PolicySource> policies =
                config.sample().tail().policiesFile().map(file -> new PolicySource(Path.of(file), false));
        return new Gateway(new ConfigFile.Checked(config, List.of(), policies, Optional.empty()), vertx, tracer);
    }

    @Produces
    @Singleton
    Ledger ledger(Gateway gateway) {
        return gateway.ledger();
    }

    @Produces
    @Singleton
    MemoryBudget budget(Gateway gateway) {
        return gateway.budget();
    }

    @Produces
    @Singleton
    SlowSteps slowSteps(Gateway gateway) {
        return gateway.slowSteps();
    }

    @Produces
    @Singleton
    Doors doors(Gateway gateway) {
        return gateway.doors();
    }

    @Produces
    @Singleton
    PodWatch pods(Gateway gateway) {
        return gateway.pods();
    }

    @Produces
    @Singleton
    Senders senders(Gateway gateway) {
        return gateway.senders();
    }

    @Produces
    @Singleton
    Exporters exporters(Gateway gateway) {
        return gateway.exporters();
    }

    @Produces
    @Singleton
    Reloading reloading(Gateway gateway) {
        return gateway.live();
    }

    @Produces
    @Singleton
    Optional<TailSampling> tail(Gateway gateway) {
        return gateway.tail();
    }

    @Produces
    @Singleton
    Optional<TraceStore> store(Gateway gateway) {
        return gateway.store();
    }
}
