package dev.weir.admin;

import dev.weir.pipeline.Ledger;
import dev.weir.pipeline.Signal;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** The pipeline's law, {@code received = delivered + sampled_out + dropped + held}, and what the doors turned away. */
final class PipelineMeters implements MeterBinder {

    private final Ledger ledger;

    PipelineMeters(Ledger ledger) {
        this.ledger = ledger;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (Signal signal : Signal.values()) {
            Tags tags = Tags.of("signal", signal.label());
            counter(registry, "weir.received.items", "Items taken from senders", signal, tags, Ledger.Counts::received);
            counter(
                    registry,
                    "weir.delivered.items",
                    "Items that every destination has taken or dropped",
                    signal,
                    tags,
                    Ledger.Counts::delivered);
            if (!Registered.has(registry, "weir.held.items", tags)) {
                Gauge.builder("weir.held.items", ledger, l -> l.read(signal).held())
                        .description("Items between receipt and their destinations' queues")
                        .tags(tags)
                        .register(registry);
            }
            counters(
                    registry,
                    "weir.sampled.out.items",
                    "Items that sampling left out",
                    signal,
                    "policy",
                    Ledger.Counts::sampledOut);
            counters(
                    registry,
                    "weir.sample.irregular.items",
                    "Items that were kept, but not quite as sampling would have it",
                    signal,
                    "reason",
                    Ledger.Counts::irregular);
            counters(
                    registry,
                    "weir.dropped.items",
                    "Items lost between receipt and the queues",
                    signal,
                    "reason",
                    Ledger.Counts::dropped);
            counters(
                    registry,
                    "weir.receive.rejected.items",
                    "Items rejected out of requests that were taken",
                    signal,
                    "reason",
                    Ledger.Counts::rejected);
            counters(
                    registry,
                    "weir.receive.refused.items",
                    "Items of requests that were refused whole",
                    signal,
                    "reason",
                    Ledger.Counts::refusedItems);
            counters(
                    registry,
                    "weir.receive.refused.requests",
                    "Requests that were refused whole",
                    signal,
                    "reason",
                    Ledger.Counts::refusedRequests);
        }
    }

    private void counters(
            MeterRegistry registry,
            String name,
            String description,
            Signal signal,
            String label,
            Function<Ledger.Counts, Map<String, Long>> values) {
        for (String value : values.apply(ledger.read(signal)).keySet()) {
            counter(
                    registry,
                    name,
                    description,
                    signal,
                    Tags.of("signal", signal.label(), label, value),
                    counts -> values.apply(counts).getOrDefault(value, 0L));
        }
    }

    private void counter(
            MeterRegistry registry,
            String name,
            String description,
            Signal signal,
            Tags tags,
            ToLongFunction<Ledger.Counts> value) {
        if (Registered.has(registry, name, tags)) {
            return;
        }
        FunctionCounter.builder(name, ledger, l -> value.applyAsLong(l.read(signal)))
                .description(description)
                .tags(tags)
                .register(registry);
    }
}
