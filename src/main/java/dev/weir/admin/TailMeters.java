package dev.weir.admin;

import dev.weir.sample.tail.Reason;
import dev.weir.sample.tail.TailSampling;
import dev.weir.sample.tail.TailStage;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** What tail sampling holds and decides. None where there is no tail sampling. */
final class TailMeters implements MeterBinder {

    private final Optional<TailSampling> tail;

    TailMeters(Optional<TailSampling> tail) {
        this.tail = tail;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        tail.ifPresent(sampling -> bindTo(registry, sampling));
    }

    private static void bindTo(MeterRegistry registry, TailSampling sampling) {
        TailStage stage = sampling.stage();
        gauge(registry, "weir.tail.held.traces", "Traces that wait for their decision", stage, TailStage::heldTraces);
        gauge(registry, "weir.tail.held.bytes", "Bytes that holding takes", stage, TailStage::heldBytes);
        gauge(registry, "weir.tail.buffer.bytes", "Bytes that holding may take", stage, TailStage::bufferBytes);
        gauge(
                registry,
                "weir.tail.overload.step",
                "0 none, 1 decided earlier, 2 sampled at the head, 3 refused",
                stage,
                TailStage::overload);
        gauge(
                registry,
                "weir.tail.policies.faulty",
                "1 when the policies were changed to some that cannot be used",
                sampling,
                s -> s.policies().arePoliciesFaulty() ? 1 : 0);
        for (Reason reason : Reason.values()) {
            Tags tags = Tags.of("reason", reason.label());
            counter(
                    registry,
                    "weir.tail.decisions",
                    "Traces decided, by why it was then",
                    tags,
                    stage,
                    s -> s.decisions(reason));
        }
        counter(
                registry,
                "weir.tail.reloads",
                "Times that other policies took the place of those in use",
                Tags.empty(),
                sampling,
                s -> s.policies().reloads());
    }

    private static <T> void gauge(
            MeterRegistry registry, String name, String description, T of, ToDoubleFunction<T> value) {
        if (!Registered.has(registry, name, Tags.empty())) {
            Gauge.builder(name, of, value).description(description).register(registry);
        }
    }

    private static <T> void counter(
            MeterRegistry registry, String name, String description, Tags tags, T of, ToDoubleFunction<T> value) {
        if (!Registered.has(registry, name, tags)) {
            FunctionCounter.builder(name, of, value)
                    .description(description)
                    .tags(tags)
                    .register(registry);
        }
    }
}
