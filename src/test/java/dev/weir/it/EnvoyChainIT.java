package dev.weir.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.it.MeshCalls.Call;
import io.grpc.Status;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a mesh's proxies send of calls that go well and of calls that do not, and what Weir makes of it. */
class EnvoyChainIT {

    private static final String REVIEWS = "http://reviews.default.svc.cluster.local:8080";

    @TempDir
    static Path directory;

    private static EnvoyChain chain;

    @BeforeAll
    static void start() {
        chain = new EnvoyChain(directory, EnvoyChain.MESH);
    }

    @AfterAll
    static void stop() {
        if (chain != null) {
            chain.close();
        }
    }

    @Test
    void shouldTakeTheSpansOfACallFromEveryProxy() {
        // When
        Call call = MeshCalls.get(chain.gatewayPort(), "http://bookinfo.example.com/productpage");

        // Then
        List<MeshSpan> spans = spans(call, 5);
        assertThat(call.status()).isEqualTo(200);
        assertThat(spans)
                .extracting(span -> span.span().getKind())
                .containsExactly(
                        SpanKind.SPAN_KIND_SERVER, // gateway
                        SpanKind.SPAN_KIND_CLIENT, // its one attempt
                        SpanKind.SPAN_KIND_SERVER, // productpage
                        SpanKind.SPAN_KIND_CLIENT,
                        SpanKind.SPAN_KIND_SERVER); // reviews
        for (int i = 1; i < spans.size(); i++) {
            assertThat(spans.get(i).span().getParentSpanId())
                    .isEqualTo(spans.get(i - 1).span().getSpanId());
        }
    }

    @Test
    void shouldTakeTheSpansOfARetry() {
        // When
        Call call = MeshCalls.get(chain.productpageOutbound(), REVIEWS + "/flaky/" + System.nanoTime());

        // Then
        List<MeshSpan> spans = spans(call, 3);
        assertThat(call.status()).isEqualTo(200);
        assertThat(spans).extracting(span -> span.get("http.status_code")).containsExactly("200", "503", "200");
    }

    @Test
    void shouldTakeTheSpansOfATimeout() {
        // When
        Call call = MeshCalls.get(chain.productpageOutbound(), REVIEWS + "/slow");

        // Then
        List<MeshSpan> spans = spans(call, 2);
        assertThat(call.status()).isEqualTo(504);
        assertThat(spans).extracting(span -> span.get("response_flags")).containsExactly("UT", "DC");
    }

    @Test
    void shouldTakeTheSpanOfACallThatReachesNobody() {
        // When
        Call call = MeshCalls.get(chain.productpageOutbound(), "http://ratings.default.svc.cluster.local:8080/");

        // Then
        assertThat(call.status()).isEqualTo(503);
        assertThat(spans(call, 1).getFirst().get("response_flags")).isEqualTo("UF");
    }

    @Test
    void shouldTakeTheSpansOfAGrpcCall() {
        // When
        Call call = MeshCalls.grpc(chain.productpageOutbound(), Status.Code.NOT_FOUND);

        // Then
        assertThat(call.status()).isEqualTo(Status.Code.NOT_FOUND.value());
        assertThat(spans(call, 2))
                .extracting(span -> span.get("grpc.status_code"))
                .containsExactly("5", "5");
    }

    private static List<MeshSpan> spans(Call call, int count) {
        await().atMost(Duration.ofSeconds(15))
                .until(() -> MeshSpan.ofTrace(chain.after, call.traceId()).size() >= count);
        List<MeshSpan> spans = MeshSpan.ofTrace(chain.after, call.traceId());
        assertThat(spans).hasSize(count);
        return spans;
    }
}
