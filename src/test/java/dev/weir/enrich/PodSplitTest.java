package dev.weir.enrich;

import static dev.weir.enrich.MeshSpans.child;
import static dev.weir.enrich.MeshSpans.envoy;
import static dev.weir.enrich.MeshSpans.node;
import static dev.weir.enrich.MeshSpans.resource;
import static dev.weir.enrich.MeshSpans.resourceOf;
import static dev.weir.enrich.MeshSpans.span;
import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Resource* whose spans came through several proxies. */
class PodSplitTest {

    @Test
    void shouldSplitResourceSpansOfDifferentPodsAndKeepAttemptsWithTheirParents() {
        EnrichFixture fixture = EnrichFixture.of("mesh.dialect", "off");
        String first = node("gateway-1", "istio-system", "10.1.2.3");
        String second = node("gateway-2", "istio-system", "10.1.2.4");

        ExportTraceServiceRequest passed = fixture.traces(envoy(
                child("a1", "", "node_id", first),
                attempt("b1", "a2"),
                child("a2", "", "node_id", second),
                attempt("b2", "a1"),
                child("a3", "", "http.method", "GET")));

        assertThat(passed.getResourceSpansList())
                .extracting(part ->
                        MeshSpans.map(part.getResource().getAttributesList()).get("k8s.pod.name"))
                .containsExactly("gateway-1", "gateway-2", null);
        assertThat(passed.getResourceSpansList())
                .extracting(PodSplitTest::ids)
                .containsExactly(List.of("a1", "b2"), List.of("b1", "a2"), List.of("a3"));
    }

    @Test
    void shouldNotAttributeToMorePodsThanAreReckonedWith() {
        EnrichFixture fixture = EnrichFixture.of("mesh.dialect", "off");
        Span[] spans = new Span[40];
        for (int i = 0; i < spans.length; i++) {
            spans[i] = child(String.format("%02x", i + 1), "", "node_id", node("cart-" + i, "shop", "10.1.2." + i));
        }

        ExportTraceServiceRequest passed = fixture.traces(envoy(spans));

        assertThat(passed.getResourceSpansCount()).isEqualTo(PodSplit.MOST_PODS + 1);
        assertThat(MeshSpans.map(passed.getResourceSpans(PodSplit.MOST_PODS)
                        .getResource()
                        .getAttributesList()))
                .isEqualTo(Map.of("service.name", "cart.shop"));
        assertThat(passed.getResourceSpans(PodSplit.MOST_PODS).getScopeSpans(0).getSpansCount())
                .isEqualTo(40 - PodSplit.MOST_PODS);
    }

    @Test
    void shouldGiveAGatewaysAttemptItsSiblingsPodWithoutSplitting() {
        EnrichFixture fixture = EnrichFixture.of("mesh.dialect", "off");

        ExportTraceServiceRequest passed = fixture.traces(
                envoy(attempt("b1", "a1"), child("a1", "", "node_id", node("gateway-1", "istio-system", "10.1.2.3"))));

        assertThat(passed.getResourceSpansCount()).isEqualTo(1);
        assertThat(resourceOf(passed)).containsEntry("k8s.pod.name", "gateway-1");
    }

    @Test
    void shouldNotSplitWhatWouldBecomeMuchLonger() {
        EnrichFixture fixture = EnrichFixture.of("mesh.dialect", "off");
        Span[] spans = new Span[16];
        for (int i = 0; i < spans.length; i++) {
            spans[i] = child(String.format("%02x", i + 1), "", "node_id", node("cart-" + i, "shop", "10.1.2." + i));
        }
        // Each part would have a copy of it.
        ExportTraceServiceRequest sent = envoy(resource("service.name", "x".repeat(200_000)), spans);

        ExportTraceServiceRequest passed = fixture.traces(sent);

        assertThat(passed.getResourceSpansCount()).isEqualTo(1);
        assertThat(passed.getResourceSpans(0).getScopeSpans(0).getSpansCount()).isEqualTo(16);
        assertThat(resourceOf(passed)).doesNotContainKey("k8s.pod.name");
    }

    private static Span attempt(String id, String parent) {
        return child(id, parent).toBuilder()
                .setKind(Span.SpanKind.SPAN_KIND_CLIENT)
                .setName("router outbound|80||cart.shop.svc.cluster.local; egress")
                .build();
    }

    private static List<String> ids(ResourceSpans part) {
        return part.getScopeSpansList().stream()
                .flatMap(scope -> scope.getSpansList().stream())
                .map(span -> String.format("%02x", span.getSpanId().byteAt(7)))
                .toList();
    }
}
