package dev.weir.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SlowStepsTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:10Z");

    private final List<SpanData> spans = new ArrayList<>();
    private final SdkTracerProvider provider = SdkTracerProvider.builder()
            .addSpanProcessor(SimpleSpanProcessor.create(new Collecting(spans)))
            .build();
    private final SlowSteps steps = new SlowSteps(provider.get("test"), () -> NOW);

    @AfterEach
    void close() {
        provider.close();
    }

    @Test
    void shouldMakeASpanOfASlowStepFromItsBeginningToItsEnd() {
        steps.ended("decode", Duration.ofSeconds(2), span -> span.setAttribute("bytes", 5));

        assertThat(spans).singleElement().satisfies(span -> {
            assertThat(span.getName()).isEqualTo("decode");
            assertThat(span.getStartEpochNanos()).isEqualTo(nanos(NOW.minusSeconds(2)));
            assertThat(span.getEndEpochNanos()).isEqualTo(nanos(NOW));
            assertThat(span.getAttributes().get(AttributeKey.longKey("bytes"))).isEqualTo(5);
        });
    }

    @Test
    void shouldMakeNoneOfAQuickStep() {
        steps.ended("decode", SlowSteps.THRESHOLD.minusNanos(1), span -> {
            throw new AssertionError("described for nothing");
        });

        assertThat(spans).isEmpty();
    }

    @Test
    void shouldMeasureFromWhenItBegan() {
        steps.ended("search", System.nanoTime() - Duration.ofSeconds(1).toNanos(), span -> {});
        steps.ended("search", System.nanoTime(), span -> {});

        assertThat(spans).hasSize(1);
    }

    /** A sender's trace must not grow by what Weir does with it. */
    @Test
    void shouldBelongToNoOtherTrace() {
        Span other = provider.get("test").spanBuilder("other").startSpan();
        try (Scope ignored = other.makeCurrent()) {
            steps.ended("decode", Duration.ofSeconds(2), span -> {});
        }

        assertThat(spans).singleElement().satisfies(span -> {
            assertThat(span.getParentSpanContext().isValid()).isFalse();
            assertThat(span.getTraceId()).isNotEqualTo(other.getSpanContext().getTraceId());
        });
    }

    private static long nanos(Instant instant) {
        return instant.getEpochSecond() * 1_000_000_000 + instant.getNano();
    }

    private record Collecting(List<SpanData> spans) implements SpanExporter {

        @Override
        public CompletableResultCode export(Collection<SpanData> ended) {
            spans.addAll(ended);
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }
    }
}
