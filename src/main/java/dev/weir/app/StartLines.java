package dev.weir.app;

import dev.weir.enrich.EnrichStage;
import dev.weir.pipeline.Destination;
import dev.weir.pipeline.MemoryBudget;
import dev.weir.pipeline.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** What the log says once the ports are open: where data comes in and goes, whom it believes, how memory is shared out. */
final class StartLines {

    private static final Logger LOG = Logger.getLogger("weir");

    /** Of the usual kind, with nine attributes. */
    private static final int BYTES_OF_SPAN = 450;

    /** With its share of the tables and of what slabs do not fill. */
    private static final int BYTES_OF_HELD_SPAN = 530;

    private final WeirConfig config;
    private final MemoryPlan plan;
    private final MemoryBudget budget;

    StartLines(WeirConfig config, MemoryPlan plan, MemoryBudget budget) {
        this.config = config;
        this.plan = plan;
        this.budget = budget;
    }

    /** @param destinations all of them, the embedded store too */
    void log(int grpcPort, int httpPort, List<Destination> destinations) {
        if (!plan.isHeapAsPlanned()) {
            LOG.warnf(
                    "the heap may grow to %d MiB, weir.memory.limit plans %d MiB: start with ./weir run, or set -Xmx",
                    plan.heap() >> 20, plan.plannedHeap() >> 20);
        }
        LOG.infof(
                "taking OTLP over gRPC on %d and over HTTP on %d, sending to %s",
                grpcPort, httpPort, names(destinations));
        LOG.info(EnrichStage.belief(config.mesh()));
        String nowhere = Stream.of(Signal.values())
                .filter(signal -> destinations.stream().noneMatch(d -> d.takes(signal)))
                .map(Signal::label)
                .collect(Collectors.joining(" and "));
        if (!nowhere.isEmpty()) {
            LOG.infof("%s have no destination: they are accepted, dropped and counted", nowhere);
        }
        LOG.infof(
                "memory limit %d MiB: heap %d MiB, telemetry %.1f MiB (at least %.1f for receiving, %.1f for queues, about %,d spans)",
                plan.limit() >> 20,
                plan.heap() >> 20,
                mib(plan.budget()),
                mib(budget.floor(MemoryBudget.Use.RECEIVE)),
                mib(budget.floor(MemoryBudget.Use.QUEUES)),
                plan.budget() / BYTES_OF_SPAN);
        HeldPlan held = plan.held();
        if (held.buffer() > 0) {
            LOG.infof(
                    "tail sampling: %.1f MiB off the heap for held traces (about %,d spans), %.1f to remember decisions, %.1f to explain them",
                    mib(held.buffer()), held.buffer() / BYTES_OF_HELD_SPAN, mib(held.remember()), mib(held.explain()));
        }
    }

    private String names(List<Destination> destinations) {
        List<String> names = new ArrayList<>(config.export().keySet());
        if (destinations.size() > names.size()) {
            names.add("the embedded store");
        }
        return String.join(", ", names);
    }

    private static double mib(long bytes) {
        return bytes / 1048576.0;
    }
}
