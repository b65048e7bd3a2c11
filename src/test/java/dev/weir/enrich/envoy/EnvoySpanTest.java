package dev.weir.enrich.envoy;

import static dev.weir.enrich.envoy.EnvoySpans.attempt;
import static dev.weir.enrich.envoy.EnvoySpans.inbound;
import static dev.weir.enrich.envoy.EnvoySpans.outbound;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.opentelemetry.proto.trace.v1.Status;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whole spans, as an Envoy sends them. */
class EnvoySpanTest {

    @Test
    void shouldTranslateASidecarsOutboundSpan() {
        assertThat(outbound().translate().added())
                .containsOnly(
                        entry("server.address", "reviews.default.svc.cluster.local"),
                        entry("server.port", 8080L),
                        entry("peer.service", "reviews.default"),
                        entry("mesh.destination.subset", "v2"),
                        entry("mesh.sampling.reason", "sampled"),
                        entry("http.response.status_code", 200L),
                        entry("url.full", "http://reviews.default.svc.cluster.local:8080/productpage?token=secret&a=b"),
                        entry("http.request.method", "GET"),
                        entry("network.protocol.name", "http"),
                        entry("network.protocol.version", "1.1"),
                        entry("user_agent.original", "Java-http-client/25.0.3"),
                        entry("http.request.body.size", 0L),
                        entry("http.response.body.size", 1839L),
                        entry("cloud.availability_zone", "eu-west-1a"),
                        entry("k8s.cluster.name", "Kubernetes"));
    }

    @Test
    void shouldKeepEveryTagWhenBothAreWritten() {
        TranslatedSpan span = inbound().translate();

        assertThat(span.after().getAttributesList())
                .startsWith(
                        span.before().getAttributesList().toArray(io.opentelemetry.proto.common.v1.KeyValue[]::new));
        assertThat(span.added())
                .containsEntry("network.peer.address", "10.244.1.7")
                .doesNotContainKeys("network.peer.port", "server.address", "error.type", "envoy.response_flags");
    }

    @Test
    void shouldTakeOutWhatIsReplacedWhenOnlyTheConventionsAreWanted() {
        assertThat(inbound().semconvOnly().translate().removed())
                .containsExactlyInAnyOrder(
                        "zone",
                        "http.url",
                        "http.method",
                        "user_agent",
                        "http.protocol",
                        "request_size",
                        "response_size",
                        "http.status_code",
                        "response_flags",
                        "peer.address");
        assertThat(outbound().semconvOnly().translate().removed()).doesNotContain("peer.address");
        assertThat(attempt().semconvOnly().translate().removed())
                .containsExactlyInAnyOrder("http.protocol", "http.status_code", "peer.address");
    }

    @Test
    void shouldKeepATagWhoseAttributeIsThereAlready() {
        assertThat(inbound()
                        .tag("http.request.method", "custom")
                        .semconvOnly()
                        .translate()
                        .removed())
                .doesNotContain("http.method");
    }

    @Test
    void shouldTranslateAGatewaysAttempt() {
        TranslatedSpan span = attempt().translate();

        assertThat(span.added())
                .containsOnly(
                        entry("server.address", "reviews.default.svc.cluster.local"),
                        entry("server.port", 8080L),
                        entry("peer.service", "reviews.default"),
                        entry("envoy.response_flags", List.of("UF")),
                        entry("error.type", "UF"),
                        entry("network.protocol.name", "http"),
                        entry("network.protocol.version", "1.1"),
                        entry("network.peer.address", "10.244.2.9"),
                        entry("network.peer.port", 8080L),
                        entry("k8s.cluster.name", "Kubernetes"));
        assertThat(span.get("retry.count")).isEqualTo("1");
        assertThat(span.after().getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
    }

    @Test
    void shouldReadTheStatNameWhereACustomTagTookTheClustersPlace() {
        assertThat(TranslatedSpan.client()
                        .tag("http.status_code", "teapot")
                        .tag("upstream_cluster", "outbound|x")
                        .tag("upstream_cluster.name", "outbound|80||web.shop.svc.cluster.local;")
                        .translate()
                        .added())
                .containsOnly(
                        entry("server.address", "web.shop.svc.cluster.local"),
                        entry("server.port", 80L),
                        entry("peer.service", "web.shop"));
    }
}
