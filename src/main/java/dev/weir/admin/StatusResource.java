package dev.weir.admin;

import dev.weir.enrich.kubernetes.PodWatch;
import dev.weir.export.Exporters;
import dev.weir.export.store.TraceStore;
import dev.weir.pipeline.Ledger;
import dev.weir.pipeline.Lifecycle;
import dev.weir.pipeline.MemoryBudget;
import dev.weir.receive.Doors;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.Optional;

/** The whole process on one page. */
@Path("/api/status")
@Produces(MediaType.APPLICATION_JSON)
public final class StatusResource {

    private final Lifecycle lifecycle;
    private final BuildInfo build;
    private final Doors doors;
    private final MemoryBudget budget;
    private final Ledger ledger;
    private final Exporters exporters;
    private final Optional<TraceStore> store;
    private final PodWatch pods;

    StatusResource(
            Lifecycle lifecycle,
            BuildInfo build,
            Doors doors,
            MemoryBudget budget,
            Ledger ledger,
            Exporters exporters,
            Optional<TraceStore> store,
            PodWatch pods) {
        this.lifecycle = lifecycle;
        this.build = build;
        this.doors = doors;
        this.budget = budget;
        this.ledger = ledger;
        this.exporters = exporters;
        this.store = store;
        this.pods = pods;
    }

    @GET
    public Status status() {
        return new Status(
                lifecycle.state(),
                lifecycle.startedAt(),
                (Instant.now().toEpochMilli() - lifecycle.startedAt().toEpochMilli()) / 1e3,
                build,
                Status.DoorsStatus.of(doors),
                Status.MemoryStatus.of(budget),
                Status.pipeline(ledger),
                Status.destinations(exporters.status(), ledger),
                store.map(Status.StoreStatus::of).orElse(null),
                pods.status(),
                ledger.violations());
    }
}
