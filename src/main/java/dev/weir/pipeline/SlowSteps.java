package dev.weir.pipeline;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.Tracer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;

/**
 * Spans of Weir's own for steps that took longer than {@link #THRESHOLD}. They are made when such a step has ended, so
 * that a quick one costs two looks at the clock. Any thread.
 */
public final class SlowSteps {

    /** A step that took less is not worth a span. */
    public static final Duration THRESHOLD = Duration.ofMillis(250);

    /** Makes no span of anything. */
    public static final SlowSteps NONE = new SlowSteps(OpenTelemetry.noop().getTracer("none"));

    private final Tracer tracer;
    private final InstantSource clock;

    /** @param tracer makes the spans */
    public SlowSteps(Tracer tracer) {
        this(tracer, InstantSource.system());
    }

    SlowSteps(Tracer tracer, InstantSource clock) {
        this.tracer = tracer;
        this.clock = clock;
    }

    /**
     * A step is over, whether well or not.
     *
     * @param step the span's name: one of few
     * @param begun {@link System#nanoTime()} when it began
     * @param describe sets attributes; called only when there is a span
     */
    public void ended(String step, long begun, Consumer<SpanBuilder> describe) {
        ended(step, Duration.ofNanos(System.nanoTime() - begun), describe);
    }

    void ended(String step, Duration took, Consumer<SpanBuilder> describe) {
        if (took.compareTo(THRESHOLD) < 0) {
            return;
        }
        Instant end = clock.instant();
        SpanBuilder span = tracer.spanBuilder(step).setNoParent().setStartTimestamp(end.minus(took));
        describe.accept(span);
        span.startSpan().end(end);
    }
}
