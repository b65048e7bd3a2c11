package dev.weir.enrich;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.pipeline.Signal;
import io.opentelemetry.proto.trace.v1.Span;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which spans trace the delivery of telemetry to us. */
class SelfTelemetryTest {

    private static final String EXPORT = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
    private static final String HOST = "weir.observability.svc.cluster.local";

    @ParameterizedTest
    @CsvSource({
        // of our own sidecar
        "http.url, http://" + HOST + EXPORT + ", upstream_cluster, inbound|4317||, true",
        "grpc.path, " + EXPORT + ", grpc.authority, " + HOST + ", true",
        "grpc.path, " + EXPORT + ", grpc.authority, " + HOST + ":4317, true",
        "grpc.path, " + EXPORT + ", grpc.authority, WEIR.observability, true",
        "http.url, http://" + HOST + EXPORT + ", upstream_cluster, inbound|14317||, true",
        // of senders' sidecars
        "http.url, http://10.1.2.3:4317" + EXPORT + ", upstream_cluster, outbound|4317||" + HOST + ", true",
        "http.url, http://x" + EXPORT + ", upstream_cluster.name, outbound|4317||" + HOST + ";, true",
        "http.url, http://x" + EXPORT + ", upstream_cluster, outbound_.4317_.v2_." + HOST + ", true",
        "http.url, http://" + HOST + ":4318/v1/traces, component, proxy, true",
        "http.url, http://weir.observability/v1/logs?x=y, component, proxy, true",
        "http.url, http://weir.observability.svc/v1/metrics, component, proxy, true",
        "http.url, http://" + HOST + "/v1/traces, upstream_cluster, outbound|80||" + HOST + ", true",
        "http.url, http://" + HOST + EXPORT + ", upstream_cluster, outbound|4317||weir-canary.observability, true",
        // to others who were called by our name
        "http.url, http://" + HOST + "/v1/traces, upstream_cluster, inbound|8080||, false",
        "http.url, http://" + HOST + EXPORT + ", upstream_cluster.name, inbound|8080||;, false",
        "http.url, http://" + HOST + "/v1/traces, upstream_cluster, outbound|9080||productpage.shop, false",
        // to others, or something else
        "http.url, http://collector.observability" + EXPORT + ", component, proxy, false",
        "http.url, http://api.shop/v1/traces, component, proxy, false",
        "http.url, http://" + HOST + "/v1/tracesandmore, component, proxy, false",
        "http.url, http://" + HOST + "/opentelemetry, component, proxy, false",
        "http.url, http://notweir.observability/v1/traces, component, proxy, false",
        "http.url, " + HOST + ", component, proxy, false"
    })
    void shouldDropDeliveriesToOurNames(String key, String value, String otherKey, String other, boolean dropped) {
        EnrichFixture fixture = EnrichFixture.of("mesh.hosts", HOST);

        assertThat(isDropped(fixture, "envoy", key, value, otherKey, other)).isEqualTo(dropped);
    }

    @Test
    void shouldDropLinkerdsSpansOfDeliveries() {
        EnrichFixture fixture = EnrichFixture.of("mesh.hosts", HOST);

        assertThat(isDropped(
                        fixture, "", "direction", "inbound", "http.path", EXPORT, "http.authority", HOST + ":4317"))
                .isTrue();
    }

    @Test
    void shouldKnowOtlpOverGrpcByItsPathAloneWhenNoNameIsConfigured() {
        EnrichFixture fixture = EnrichFixture.of();

        assertThat(isDropped(fixture, "envoy", "http.url", "http://10.1.2.3" + EXPORT))
                .isTrue();
        assertThat(isDropped(fixture, "envoy", "http.url", "http://weir/v1/traces"))
                .isFalse();
        assertThat(isDropped(
                        fixture, "envoy", "http.url", "http://10.1.2.3" + EXPORT, "upstream_cluster", "inbound|4317||"))
                .isTrue();
        assertThat(isDropped(
                        fixture, "envoy", "http.url", "http://10.1.2.3" + EXPORT, "upstream_cluster", "inbound|8080||"))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "outbound|4317||" + HOST + ", true",
        "outbound|4318|canary|" + HOST + ", true",
        "outbound_.4317_._." + HOST + ", true",
        "inbound-vip|4317|http|" + HOST + ";, true",
        "inbound-vip|4318|http/v2|" + HOST + ", true",
        "inbound-vip|4317|http|collector.observability.svc.cluster.local;, false",
        "outbound|8888||" + HOST + ", false",
        "outbound|4317||collector.observability.svc.cluster.local, false",
        "inbound|4317||, false"
    })
    void shouldDropAGatewaysAttemptsAtDeliveries(String cluster, boolean dropped) {
        Span attempt = MeshSpans.span("upstream_cluster", cluster).toBuilder()
                .setKind(Span.SpanKind.SPAN_KIND_CLIENT)
                .setName("router " + cluster + "; egress")
                .build();

        assertThat(isDropped(EnrichFixture.of("mesh.hosts", HOST), "envoy", attempt))
                .isEqualTo(dropped);
        assertThat(isDropped(EnrichFixture.of(), "envoy", attempt)).isFalse();
        assertThat(isDropped(EnrichFixture.of("mesh.hosts", HOST), "envoy", "upstream_cluster", cluster))
                .as("no attempt")
                .isFalse();
    }

    @Test
    void shouldKeepSpansThatAreNoProxys() {
        EnrichFixture fixture = EnrichFixture.of("mesh.hosts", HOST);

        assertThat(isDropped(fixture, "my.app", "http.url", "http://" + HOST + EXPORT))
                .isFalse();
    }

    @Test
    void shouldKeepThemWhenToldSo() {
        EnrichFixture fixture = EnrichFixture.of("mesh.hosts", HOST, "mesh.self-telemetry", "keep");

        assertThat(isDropped(fixture, "envoy", "http.url", "http://" + HOST + EXPORT))
                .isFalse();
    }

    private static boolean isDropped(EnrichFixture fixture, String scope, String... attributes) {
        return isDropped(fixture, scope, MeshSpans.span(attributes));
    }

    private static boolean isDropped(EnrichFixture fixture, String scope, Span span) {
        long before = fixture.ledger.read(Signal.TRACES).dropped().getOrDefault("self_telemetry", 0L);
        boolean isPassedOn = fixture.send(
                        Signal.TRACES,
                        MeshSpans.request(MeshSpans.resource(), scope, span).toByteArray())
                != null;
        long after = fixture.ledger.read(Signal.TRACES).dropped().getOrDefault("self_telemetry", 0L);
        assertThat(after - before).isEqualTo(isPassedOn ? 0 : 1);
        return !isPassedOn;
    }
}
