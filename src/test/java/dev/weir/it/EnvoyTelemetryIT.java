package dev.weir.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.it.MeshCalls.Call;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What comes through the mesh besides the spans of calls: an application's own, access logs, stats, and our own noise. */
class EnvoyTelemetryIT extends BehindEnvoys {

    private static final String PRODUCTPAGE = "spiffe://cluster.local/ns/default/sa/bookinfo-productpage";

    @Test
    void shouldDropTheTracingOfItsOwnSidecar() {
        // When: every export is a request that the sidecar traces, and exports
        await().atMost(Duration.ofSeconds(15))
                .until(() -> chain.weir.metric("weir_dropped_items_total", "reason=\"self_telemetry\"") >= 10);

        // Then
        assertThat(MeshSpan.all(chain.before).filter(EnvoyTelemetryIT::isDelivery))
                .isNotEmpty();
        assertThat(MeshSpan.all(chain.after).filter(EnvoyTelemetryIT::isDelivery))
                .isEmpty();
        chain.weir.awaitBalancedLedger();
    }

    @Test
    void shouldTakeAnApplicationsOwnSpansThroughItsSidecar() {
        // Given
        ExportTraceServiceRequest spans = Samples.spans("productpage", 1);
        String traceId = HexFormat.of()
                .formatHex(spans.getResourceSpans(0)
                        .getScopeSpans(0)
                        .getSpans(0)
                        .getTraceId()
                        .toByteArray());

        // When
        Call delivery = MeshCalls.post(
                chain.productpageOutbound(),
                "http://" + IstioProxy.WEIR_HOST + ":4318/v1/traces",
                "application/x-protobuf",
                spans.toByteArray());

        // Then
        assertThat(delivery.status()).isEqualTo(200);
        assertThat(chain.await(traceId, 1).getFirst().resource())
                .containsEntry("mesh.client.principal", PRODUCTPAGE)
                .containsEntry("service.name", "productpage")
                .doesNotContainKeys("mesh.proxy.type", "k8s.pod.name");

        // Then: both proxies traced the delivery, and nobody sees it
        chain.awaitBefore(delivery.traceId(), 2);
        chain.weir.awaitBalancedLedger();
        assertThat(MeshSpan.ofTrace(chain.after, delivery.traceId())).isEmpty();
    }

    @Test
    void shouldSayWhoseAccessLogsAre() {
        // When
        Call call = MeshCalls.get(chain.productpageOutbound(), "http://ratings.default.svc.cluster.local:8080/logged");

        // Then
        await().atMost(Duration.ofSeconds(15)).until(() -> logs(call).findAny().isPresent());
        ResourceLogs logs = logs(call).findFirst().orElseThrow();
        LogRecord entry = records(logs)
                .filter(record -> hex(record).equals(call.traceId()))
                .findFirst()
                .orElseThrow();
        assertThat(MeshSpan.byKey(logs.getResource().getAttributesList()))
                .containsEntry("mesh.client.principal", PRODUCTPAGE)
                .containsEntry("k8s.pod.name", EnvoyChain.PRODUCTPAGE.name())
                .containsEntry("k8s.namespace.name", "default")
                .containsEntry("node_name", EnvoyChain.PRODUCTPAGE.nodeId());
        assertThat(entry.getBody().getStringValue()).isEqualTo("GET /logged 503 UF\n");
        assertThat(MeshSpan.byKey(entry.getAttributesList()))
                .isEqualTo(Map.of(
                        "upstream_cluster", "outbound|8080||ratings.default.svc.cluster.local", "route_name", "-"));
    }

    @Test
    void shouldSayWhoseStatsAre() {
        // Then: they come every second, whatever happens
        await().atMost(Duration.ofSeconds(15)).until(() -> stats().findAny().isPresent());
        assertThat(stats())
                .allSatisfy(metrics -> assertThat(
                                MeshSpan.byKey(metrics.getResource().getAttributesList()))
                        .containsEntry("mesh.client.principal", PRODUCTPAGE)
                        .containsEntry("telemetry.sdk.name", "envoy"))
                .flatExtracting(metrics -> metrics.getScopeMetrics(0).getMetricsList())
                .extracting(metric -> metric.getName())
                .contains("cluster.membership_total"); // whole, by Istio's rules for the names of stats
    }

    private static boolean isDelivery(MeshSpan span) {
        return String.valueOf(span.get("http.url")).contains("/opentelemetry.proto.collector.");
    }

    private static Stream<ResourceLogs> logs(Call call) {
        return requests(ExportLogsServiceRequest.class)
                .flatMap(request -> request.getResourceLogsList().stream())
                .filter(logs -> records(logs).anyMatch(record -> hex(record).equals(call.traceId())));
    }

    private static Stream<LogRecord> records(ResourceLogs logs) {
        return logs.getScopeLogsList().stream().flatMap(scope -> scope.getLogRecordsList().stream());
    }

    private static String hex(LogRecord record) {
        return HexFormat.of().formatHex(record.getTraceId().toByteArray());
    }

    private static Stream<ResourceMetrics> stats() {
        return requests(ExportMetricsServiceRequest.class)
                .flatMap(request -> request.getResourceMetricsList().stream());
    }

    private static <T> Stream<T> requests(Class<T> type) {
        return List.copyOf(chain.after.requests()).stream()
                .filter(type::isInstance)
                .map(type::cast);
    }
}
