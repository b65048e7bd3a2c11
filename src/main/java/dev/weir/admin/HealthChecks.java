package dev.weir.admin;

import dev.weir.enrich.kubernetes.PodWatch;
import dev.weir.export.DestinationStatus;
import dev.weir.export.Exporters;
import dev.weir.pipeline.Lifecycle;
import dev.weir.pipeline.MemoryBudget;
import dev.weir.receive.Doors;
import dev.weir.sample.Reloading;
import dev.weir.sample.tail.TailSampling;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;
import org.eclipse.microprofile.health.Startup;

/**
 * Started: both doors have been opened. Live: the admin port answers. Ready: both doors are open and the process is not
 * draining. A destination that is down, or the Kubernetes API, is shown and changes nothing: other pods would not reach it either.
 */
@Singleton
final class HealthChecks {

    private final Lifecycle lifecycle;
    private final Doors doors;
    private final Exporters exporters;
    private final MemoryBudget budget;
    private final Optional<TailSampling> tail;
    private final Reloading reloading;
    private final PodWatch pods;

    HealthChecks(
            Lifecycle lifecycle,
            Doors doors,
            Exporters exporters,
            MemoryBudget budget,
            Optional<TailSampling> tail,
            Reloading reloading,
            PodWatch pods) {
        this.reloading = reloading;
        this.pods = pods;
        this.tail = tail;
        this.lifecycle = lifecycle;
        this.doors = doors;
        this.exporters = exporters;
        this.budget = budget;
    }

    @Produces
    @Startup
    HealthCheck started() {
        return () -> HealthCheckResponse.named("started")
                .status(lifecycle.state() != Lifecycle.State.STARTING)
                .withData("state", label(lifecycle.state()))
                .build();
    }

    @Produces
    @Liveness
    HealthCheck live() {
        return () -> HealthCheckResponse.named("live")
                .up()
                .withData("state", label(lifecycle.state()))
                .build();
    }

    @Produces
    @Readiness
    HealthCheck ready() {
        return this::readiness;
    }

    HealthCheckResponse readiness() {
        Lifecycle.State state = lifecycle.state();
        HealthCheckResponseBuilder answer = HealthCheckResponse.named("ready")
                .status(state == Lifecycle.State.RUNNING && doors.isOpen())
                .withData("state", label(state))
                .withData("grpc-port", doors.grpcPort())
                .withData("http-port", doors.httpPort())
                .withData("memory-used-bytes", budget.used())
                .withData("memory-limit-bytes", budget.limit());
        for (DestinationStatus destination : exporters.status()) {
            answer.withData("destination-" + destination.name(), label(destination.state()));
        }
        tail.ifPresent(sampling -> answer.withData(
                "policies", sampling.policies().arePoliciesFaulty() ? "faulty, the old ones stay in use" : "in use"));
        answer.withData("pods", label(pods.status().state()));
        answer.withData("configuration", configuration());
        return answer.build();
    }

    private String configuration() {
        if (!reloading.faults().isEmpty()) {
            return "faulty, nothing of it is in use since it changed";
        }
        int keys = reloading.needRestart().size();
        return keys == 0 ? "in use" : "in use, but for " + keys + " changed keys that need a restart";
    }

    private static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
