package dev.weir.sample.tail;

import static dev.weir.sample.tail.TailFixture.attribute;
import static dev.weir.sample.tail.TailFixture.span;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.weir.pipeline.Refusal;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that can never be held: who sends one must not send it again, and again. */
final class TooLargeRequestTest {

    private static final String FINE = "- { name: fine, not: { status: [error] } }";
    private static final int BUFFER = 4 << 20;

    @ParameterizedTest
    @ValueSource(ints = {100, 20_000})
    void shouldRefuseForGoodWhatIsMoreThanTheBuffer(int bytesOfSpan) {
        try (TailFixture tail = new TailFixture(FINE, TailFixture.settings(5, 5), BUFFER, 4)) {
            List<Span> spans = spans(BUFFER / bytesOfSpan + 1, bytesOfSpan);

            assertThat(tail.send(spans)).isFalse();

            assertThat(tail.lastRefusal.reason()).isEqualTo(Refusal.Reason.TOO_LARGE);
            assertThat(tail.lastRefusal.isRetryable()).isFalse();
            assertThat(tail.lastRefusal.message()).contains("weir.sample.tail.buffer-size", "smaller batches");
            assertThat(tail.held()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void shouldTakeSoonerOrLaterWhatItRefusesAsRetryable(int compressAfterSeconds) {
        TailSettings settings =
                new TailSettings(5, 5, 1 << 20, 100_000, false, 1 << 20, 1 << 20, compressAfterSeconds, false);
        try (TailFixture tail = new TailFixture(FINE, settings, BUFFER, 4)) {
            int taken = 0;
            for (int i = 1; i <= 40; i++) { // up to one and a half times the buffer
                List<Span> spans = spans(i * 150, 1_000);
                int tries = 0;
                while (!tail.send(spans) && tail.lastRefusal.isRetryable()) {
                    assertThat(++tries).as("tries with %d spans", spans.size()).isLessThan(100);
                    tail.tick(0.1);
                }
                taken += tail.lastRefusal == null ? 1 : 0;
            }

            // How much fits beside the blocks that each of the four shards has open depends on where traces fall: 7 to
            // 10 here.
            assertThat(taken).isBetween(5, 20);
            assertThat(tail.lastRefusal.reason()).isEqualTo(Refusal.Reason.TOO_LARGE);
        }
    }

    @Test
    void shouldRefuseForGoodMoreResourcesThanWillEverBeHeld() {
        try (TailFixture tail = new TailFixture(FINE, TailFixture.settings(5, 5), BUFFER, 4)) {
            assertThat(tail.send(ofResources(3_000, 200), 3_000)).isFalse();
            assertThat(tail.lastRefusal.reason()).isEqualTo(Refusal.Reason.TOO_LARGE);
            assertThat(tail.lastRefusal.message()).contains("resources and scopes");
            assertThat(tail.send(ofResources(1, 1 << 20), 1))
                    .as("one large resource")
                    .isFalse();
            assertThat(tail.lastRefusal.reason()).isEqualTo(Refusal.Reason.TOO_LARGE);

            assertThat(tail.send(ofResources(700, 100), 700)).isTrue();
            assertThat(tail.send(ofResources(800, 101), 800)).isFalse();
            assertThat(tail.lastRefusal.isRetryable())
                    .as("others are in the way")
                    .isTrue();
            tail.tick(7);
            tail.send(span(1, 1, 1).build());
            assertThat(tail.send(ofResources(800, 101), 800)).isTrue();
        }
    }

    private static List<Span> spans(int count, int bytes) {
        String padding = "x".repeat(bytes);
        List<Span> spans = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            spans.add(span(i, i * 0x9E3779B97F4A7C15L, 1)
                    .addAttributes(attribute("padding", padding))
                    .build());
        }
        return spans;
    }

    private static byte[] ofResources(int count, int bytes) {
        ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
        for (int i = 0; i < count; i++) {
            request.addResourceSpans(ResourceSpans.newBuilder()
                    .setResource(Resource.newBuilder().addAttributes(attribute("host", i + "x".repeat(bytes))))
                    .addScopeSpans(ScopeSpans.newBuilder()
                            .addSpans(
                                    span(1, i, 1).setName("").setTraceState("").setSpanId(ByteString.EMPTY))));
        }
        return request.build().toByteArray();
    }
}
