package dev.weir.admin;

import dev.weir.receive.DoorCounters;
import dev.weir.receive.Doors;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;

/** Connections, bytes and requests at each door. */
final class DoorMeters implements MeterBinder {

    private final Doors doors;

    DoorMeters(Doors doors) {
        this.doors = doors;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        door(registry, "grpc", doors.grpc());
        door(registry, "http", doors.http());
    }

    private static void door(MeterRegistry registry, String name, DoorCounters counters) {
        Tags tags = Tags.of("door", name);
        if (!Registered.has(registry, "weir.receive.connections", tags)) {
            always(registry, tags, counters);
        }
        for (String outcome : counters.requests().keySet()) {
            Tags ofOutcome = tags.and("outcome", outcome);
            if (!Registered.has(registry, "weir.receive.requests", ofOutcome)) {
                FunctionCounter.builder(
                                "weir.receive.requests",
                                counters,
                                c -> c.requests().getOrDefault(outcome, 0L))
                        .description("Finished requests")
                        .tags(ofOutcome)
                        .register(registry);
            }
        }
    }

    private static void always(MeterRegistry registry, Tags tags, DoorCounters counters) {
        Gauge.builder("weir.receive.connections", counters, DoorCounters::openConnections)
                .description("Connections open now")
                .tags(tags)
                .register(registry);
        FunctionCounter.builder("weir.receive.refused.connections", counters, DoorCounters::refusedConnections)
                .description("Connections closed at once because of the limit")
                .tags(tags)
                .register(registry);
        FunctionCounter.builder("weir.receive.bytes", counters, DoorCounters::receivedBytes)
                .description("Bytes of messages as they came over the wire, before decompression")
                .tags(tags)
                .register(registry);
    }
}
