package dev.weir.admin;

import dev.weir.export.DestinationStatus;
import dev.weir.export.Exporters;
import dev.weir.export.store.TraceStore;
import dev.weir.pipeline.DestinationLedger;
import dev.weir.pipeline.Ledger;
import dev.weir.pipeline.Signal;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/** Each destination's law, {@code enqueued = sent + rejected + dropped + queued}, its queue and its requests. */
final class DestinationMeters implements MeterBinder {

    private final Ledger ledger;
    private final Exporters exporters;

    DestinationMeters(Ledger ledger, Exporters exporters) {
        this.ledger = ledger;
        this.exporters = exporters;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Map<String, Set<Signal>> signals = new HashMap<>();
        signals.put(TraceStore.NAME, Set.of(Signal.TRACES));
        for (DestinationStatus exporter : exporters.status()) {
            signals.put(exporter.name(), exporter.signals());
            exporter(registry, exporter.name());
        }
        ledger.destinations().forEach((name, counts) -> {
            for (Signal signal : signals.getOrDefault(name, Set.of(Signal.values()))) {
                items(registry, name, signal, counts);
            }
        });
    }

    private static void items(MeterRegistry registry, String name, Signal signal, DestinationLedger ledger) {
        Tags tags = Tags.of("destination", name, "signal", signal.label());
        counter(
                registry,
                "weir.export.enqueued.items",
                "Items announced to the destination",
                tags,
                ledger,
                signal,
                DestinationLedger.Counts::enqueued);
        counter(
                registry,
                "weir.export.sent.items",
                "Items that the destination took",
                tags,
                ledger,
                signal,
                DestinationLedger.Counts::sent);
        counter(
                registry,
                "weir.export.rejected.items",
                "Items that the destination rejected in a partial success",
                tags,
                ledger,
                signal,
                DestinationLedger.Counts::rejected);
        if (!Registered.has(registry, "weir.export.queued.items", tags)) {
            Gauge.builder(
                            "weir.export.queued.items",
                            ledger,
                            l -> l.read(signal).queued())
                    .description("Items that wait for the destination or are being sent")
                    .tags(tags)
                    .register(registry);
        }
        for (String reason : ledger.read(signal).dropped().keySet()) {
            counter(
                    registry,
                    "weir.export.dropped.items",
                    "Items that were given up for the destination",
                    tags.and("reason", reason),
                    ledger,
                    signal,
                    counts -> counts.dropped().getOrDefault(reason, 0L));
        }
    }

    private void exporter(MeterRegistry registry, String name) {
        Tags tags = Tags.of("destination", name);
        if (Registered.has(registry, "weir.export.queue.bytes", tags)) {
            return;
        }
        gauge(
                registry,
                "weir.export.queue.bytes",
                "Bytes that wait for the destination or are being sent",
                tags,
                DestinationStatus::queuedBytes);
        gauge(
                registry,
                "weir.export.queue.limit.bytes",
                "The most that weir_export_queue_bytes may be",
                tags,
                DestinationStatus::queueLimit);
        gauge(registry, "weir.export.in.flight.requests", "Requests under way", tags, DestinationStatus::inFlight);
        gauge(
                registry,
                "weir.export.failing",
                "1 while the destination refuses for good or has not answered for long, else 0",
                tags,
                s -> s.state() == DestinationStatus.State.FAILING ? 1 : 0);
        statusCounter(registry, "weir.export.attempts", "Requests begun", tags, DestinationStatus::attempts);
        statusCounter(
                registry,
                "weir.export.retries",
                "Requests that were not a batch's first",
                tags,
                DestinationStatus::retries);
        statusCounter(
                registry,
                "weir.export.sent.bytes",
                "Bytes of requests that succeeded, before compression",
                tags,
                DestinationStatus::sentBytes);
        FunctionTimer.builder(
                        "weir.export.request.duration",
                        exporters,
                        e -> (long) read(e, name, DestinationStatus::answered),
                        e -> read(e, name, s -> s.answeredIn().toNanos()),
                        TimeUnit.NANOSECONDS)
                .description("Requests that ended, however, and the time they took")
                .tags(tags)
                .register(registry);
    }

    private void gauge(
            MeterRegistry registry,
            String name,
            String description,
            Tags tags,
            ToDoubleFunction<DestinationStatus> value) {
        String destination = tags.iterator().next().getValue();
        Gauge.builder(name, exporters, e -> read(e, destination, value))
                .description(description)
                .tags(tags)
                .register(registry);
    }

    private void statusCounter(
            MeterRegistry registry,
            String name,
            String description,
            Tags tags,
            ToDoubleFunction<DestinationStatus> value) {
        String destination = tags.iterator().next().getValue();
        FunctionCounter.builder(name, exporters, e -> read(e, destination, value))
                .description(description)
                .tags(tags)
                .register(registry);
    }

    private static double read(Exporters exporters, String name, ToDoubleFunction<DestinationStatus> value) {
        return exporters.status().stream()
                .filter(status -> status.name().equals(name))
                .mapToDouble(value)
                .sum();
    }

    private static void counter(
            MeterRegistry registry,
            String name,
            String description,
            Tags tags,
            DestinationLedger ledger,
            Signal signal,
            ToLongFunction<DestinationLedger.Counts> value) {
        if (Registered.has(registry, name, tags)) {
            return;
        }
        FunctionCounter.builder(name, ledger, l -> value.applyAsLong(l.read(signal)))
                .description(description)
                .tags(tags)
                .register(registry);
    }
}
