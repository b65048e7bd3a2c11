package dev.weir.admin;

import dev.weir.enrich.senders.Senders;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;

/** Senders, and what could be said of who they are. No series carries a sender's name. */
final class SenderMeters implements MeterBinder {

    private final Senders senders;

    SenderMeters(Senders senders) {
        this.senders = senders;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        if (!Registered.has(registry, "weir.senders", Tags.empty())) {
            Gauge.builder("weir.senders", senders, Senders::known)
                    .description("Senders that are counted by name")
                    .register(registry);
            FunctionCounter.builder("weir.identity.mismatches", senders, Senders::mismatches)
                    .description("Requests in which something claims to be of another than the verified sender")
                    .register(registry);
        }
        for (String outcome : senders.outcomes().keySet()) {
            Tags tags = Tags.of("outcome", outcome);
            if (!Registered.has(registry, "weir.sender.identity.requests", tags)) {
                FunctionCounter.builder(
                                "weir.sender.identity.requests",
                                senders,
                                s -> s.outcomes().getOrDefault(outcome, 0L))
                        .description("Requests, by what came of looking for their sender's identity")
                        .tags(tags)
                        .register(registry);
            }
        }
    }
}
