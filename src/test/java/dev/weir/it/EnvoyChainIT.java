package dev.weir.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.it.IstioProxy.Pod;
import dev.weir.it.MeshCalls.Call;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a mesh's proxies send of calls that go well and of calls that do not, and what Weir makes of it. */
class EnvoyChainIT extends BehindEnvoys {

    private static final String REVIEWS = "http://reviews.default.svc.cluster.local:8080";
    private static final String RATINGS = "http://ratings.default.svc.cluster.local:8080";

    @Test
    void shouldTranslateACallAtEveryProxy() {
        // When
        Call call = MeshCalls.get(chain.gatewayPort(), "http://bookinfo.example.com/productpage?id=7&token=hush");

        // Then
        List<MeshSpan> spans = chain.await(call.traceId(), 5);
        assertThat(call.status()).isEqualTo(200);
        for (int i = 1; i < spans.size(); i++) {
            assertThat(spans.get(i).span().getParentSpanId())
                    .isEqualTo(spans.get(i - 1).span().getSpanId());
        }
        assertThat(spans).allSatisfy(span -> {
            assertThat(span.attributes())
                    .containsEntry("http.response.status_code", 200L)
                    .containsEntry("network.protocol.name", "http")
                    .containsEntry("network.protocol.version", "1.1")
                    .containsEntry("k8s.cluster.name", "Kubernetes")
                    .doesNotContainKey("error.type");
            assertThat(span.span().getStatus().getCode()).isEqualTo(StatusCode.STATUS_CODE_UNSET);
        });
        MeshSpan client = spans.get(3);
        assertThat(client.span().getKind()).isEqualTo(SpanKind.SPAN_KIND_CLIENT);
        assertIsOf(client, EnvoyChain.PRODUCTPAGE);
        assertThat(client.attributes())
                .containsEntry("server.address", "reviews.default.svc.cluster.local")
                .containsEntry("server.port", 8080L)
                .containsEntry("peer.service", "reviews.default")
                .containsEntry("http.request.method", "GET")
                .containsEntry("url.full", REVIEWS + "/productpage?id=7&token=REDACTED")
                .containsEntry("http.url", REVIEWS + "/productpage?id=7&token=REDACTED")
                .containsEntry("cloud.availability_zone", "eu-west-1a")
                .containsEntry("mesh.sampling.reason", "sampled")
                .doesNotContainKey("network.peer.address"); // the application behind the sidecar
        MeshSpan server = spans.get(4);
        assertThat(server.span().getKind()).isEqualTo(SpanKind.SPAN_KIND_SERVER);
        assertIsOf(server, EnvoyChain.REVIEWS);
        assertThat(server.attributes())
                .containsEntry("network.peer.address", "127.0.0.1")
                .containsEntry("http.request.body.size", 0L)
                .containsEntry("http.response.body.size", 8L)
                .doesNotContainKeys("server.address", "peer.service");
    }

    @Test
    void shouldFindThePodOfAGatewaysAttempts() {
        // When
        Call call = MeshCalls.get(chain.gatewayPort(), "http://bookinfo.example.com/");

        // Then
        List<MeshSpan> spans = chain.await(call.traceId(), 5);
        MeshSpan request = spans.getFirst();
        MeshSpan attempt = spans.get(1);
        assertThat(request.span().getKind()).isEqualTo(SpanKind.SPAN_KIND_SERVER);
        assertThat(attempt.span().getKind()).isEqualTo(SpanKind.SPAN_KIND_CLIENT);
        assertThat(attempt.attributes()).doesNotContainKey("node_id").containsKey("network.peer.port");
        assertThat(List.of(request, attempt)).allSatisfy(span -> {
            assertIsOf(span, EnvoyChain.GATEWAY);
            assertThat(span.attributes())
                    .containsEntry("server.address", "productpage.default.svc.cluster.local")
                    .containsEntry("server.port", 9080L);
        });
    }

    @Test
    void shouldLeaveEverythingThatIsReadToday() {
        // When
        Call call = MeshCalls.get(chain.gatewayPort(), "http://bookinfo.example.com/productpage");

        // Then
        List<MeshSpan> after = chain.await(call.traceId(), 5);
        List<MeshSpan> before = chain.awaitBefore(call.traceId(), 5);
        for (int i = 0; i < 5; i++) {
            assertThat(after.get(i).attributes())
                    .containsAllEntriesOf(before.get(i).attributes());
            assertThat(after.get(i).resource())
                    .containsAllEntriesOf(before.get(i).resource());
            assertThat(after.get(i).span().getName())
                    .isEqualTo(before.get(i).span().getName());
        }
    }

    @Test
    void shouldTranslateARetry() {
        // When
        Call call = MeshCalls.get(chain.productpageOutbound(), REVIEWS + "/flaky/" + System.nanoTime());

        // Then
        List<MeshSpan> spans = chain.await(call.traceId(), 3);
        assertThat(call.status()).isEqualTo(200);
        assertThat(spans)
                .extracting(span -> span.get("http.response.status_code"))
                .containsExactly(200L, 503L, 200L);
        assertThat(spans).extracting(span -> span.get("error.type")).containsExactly(null, "503", null);
        assertThat(spans.subList(1, 3))
                .allSatisfy(attempt -> assertThat(attempt.span().getParentSpanId())
                        .isEqualTo(spans.getFirst().span().getSpanId()));
    }

    /** An attempt does not name its node: it has that of its request's span, if Envoy exports the two together. */
    @Test
    void shouldTellAGatewaysAttemptsApart() {
        await().untilAsserted(() -> {
            // When
            Call call = MeshCalls.get(chain.gatewayPort(), "http://bookinfo.example.com/unready/" + System.nanoTime());

            // Then
            List<MeshSpan> spans = chain.await(call.traceId(), 5);
            assertThat(call.status()).isEqualTo(200);
            MeshSpan request = spans.getFirst();
            List<MeshSpan> attempts = spans.stream()
                    .filter(span ->
                            span.span().getParentSpanId().equals(request.span().getSpanId()))
                    .toList();
            assertThat(attempts)
                    .extracting(span -> span.get("http.response.status_code"))
                    .containsExactly(503L, 200L);
            assertThat(attempts).extracting(span -> span.get("error.type")).containsExactly("503", null);
            assertThat(attempts).extracting(span -> span.get("retry.count")).containsExactly(null, "1");
            assertThat(attempts).allSatisfy(span -> assertIsOf(span, EnvoyChain.GATEWAY));
        });
    }

    @Test
    void shouldTranslateATimeout() {
        // When
        Call call = MeshCalls.get(chain.productpageOutbound(), REVIEWS + "/slow");

        // Then
        List<MeshSpan> spans = chain.await(call.traceId(), 2);
        assertThat(call.status()).isEqualTo(504);
        assertThat(spans).extracting(span -> span.get("error.type")).containsExactly("UT", "DC");
        assertThat(spans)
                .extracting(span -> span.get("http.response.status_code"))
                .containsExactly(504L, null);
        assertThat(spans)
                .extracting(span -> span.span().getStatus().getCode())
                .containsOnly(StatusCode.STATUS_CODE_ERROR); // of the second, Envoy says nothing
    }

    @Test
    void shouldTranslateACallThatReachesNobody() {
        // When
        Call call = MeshCalls.get(chain.productpageOutbound(), RATINGS + "/");

        // Then
        MeshSpan span = chain.await(call.traceId(), 1).getFirst();
        assertThat(call.status()).isEqualTo(503);
        assertThat(span.attributes())
                .containsEntry("error.type", "UF")
                .containsEntry("envoy.response_flags", List.of("UF"))
                .containsEntry("http.response.status_code", 503L)
                .containsEntry("server.address", "ratings.default.svc.cluster.local");
    }

    @Test
    void shouldTranslateAGrpcCall() {
        // When
        Call call = MeshCalls.grpc(chain.productpageOutbound(), io.grpc.Status.Code.NOT_FOUND);

        // Then
        List<MeshSpan> spans = chain.await(call.traceId(), 2);
        assertThat(call.status()).isEqualTo(io.grpc.Status.Code.NOT_FOUND.value());
        assertThat(spans)
                .allSatisfy(span -> assertThat(span.attributes())
                        .containsEntry("rpc.system.name", "grpc")
                        .containsEntry("rpc.method", "shop.Reviews/Get")
                        .containsEntry("rpc.response.status_code", "NOT_FOUND")
                        .containsEntry("network.protocol.version", "2"));
        // What was not found is the caller's error only.
        assertThat(spans).extracting(span -> span.get("error.type")).containsExactly("NOT_FOUND", null);
    }

    @Test
    void shouldFlagACallPastTheMesh() {
        // When
        Call call = MeshCalls.get(chain.productpageOutbound(), "http://other.example.com/");

        // Then
        assertThat(chain.await(call.traceId(), 1).getFirst().attributes())
                .containsEntry("mesh.passthrough", true)
                .doesNotContainKeys("server.address", "server.port", "peer.service");
    }

    @Test
    void shouldFlagACallIntoTheBlackHole() {
        // When
        Call call = MeshCalls.get(chain.productpageOutbound(), "http://blocked.example.com/");

        // Then
        assertThat(chain.await(call.traceId(), 1).getFirst().attributes())
                .containsEntry("mesh.blackhole", true)
                .containsEntry("error.type", "UH")
                .doesNotContainKeys("server.address", "server.port", "peer.service");
    }

    @Test
    void shouldNotTakeACustomTagForWhatItsNameSays() {
        // When
        Call call = MeshCalls.get(
                chain.productpageOutbound(),
                REVIEWS + "/",
                "x-tag-status",
                "teapot",
                "x-tag-cluster",
                "outbound|no cluster");

        // Then
        List<MeshSpan> spans = chain.await(call.traceId(), 2);
        assertThat(spans)
                .allSatisfy(span -> assertThat(span.attributes())
                        .containsAllEntriesOf(
                                Map.of("http.status_code", "teapot", "upstream_cluster", "outbound|no cluster"))
                        .doesNotContainKey("http.response.status_code"));
        // The cluster's other name is still the proxy's own.
        assertThat(spans.getFirst().attributes()).containsEntry("server.address", "reviews.default.svc.cluster.local");
        assertThat(spans.getLast().attributes()).doesNotContainKey("server.address");
    }

    private static void assertIsOf(MeshSpan span, Pod pod) {
        assertThat(span.resource())
                .containsEntry("k8s.pod.name", pod.name())
                .containsEntry("k8s.namespace.name", pod.namespace())
                .containsEntry("k8s.pod.ip", pod.ip())
                .containsEntry("mesh.proxy.type", pod.type());
    }
}
