package dev.weir.enrich;

import static dev.weir.enrich.MeshSpans.child;
import static dev.weir.enrich.MeshSpans.envoy;
import static dev.weir.enrich.MeshSpans.node;
import static dev.weir.enrich.MeshSpans.resource;
import static dev.weir.enrich.MeshSpans.resourceOf;
import static dev.weir.enrich.MeshSpans.sdk;
import static dev.weir.enrich.MeshSpans.span;
import static dev.weir.enrich.MeshSpans.spanOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.pipeline.Signal;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is written of senders, by whose word. */
class EnrichRulesTest {

    private static final String CART = "spiffe://cluster.local/ns/shop/sa/cart";

    @Test
    void shouldStripClaimsOfAnyone() {
        EnrichFixture fixture = EnrichFixture.of();

        ExportTraceServiceRequest passed = fixture.traces(sdk(
                resource("mesh.client.principal", CART, "service.name", "cart", "meshed", "yes"),
                span("mesh.sampling.reason", "forced", "http.route", "/")));

        assertThat(resourceOf(passed)).isEqualTo(Map.of("service.name", "cart", "meshed", "yes"));
        assertThat(spanOf(passed)).isEqualTo(Map.of("http.route", "/"));
    }

    @Test
    void shouldKeepClaimsOfAVerifiedRelayAndNotNameItAsTheSender() {
        EnrichFixture fixture = EnrichFixture.istio().from(EnrichFixture.RELAY);
        ExportTraceServiceRequest sent = sdk(
                resource("mesh.client.principal", CART, "service.name", "cart"),
                span("mesh.sampling.reason", "forced", "http.route", "/"));

        assertThat(fixture.traces(sent)).isEqualTo(sent);
    }

    @Test
    void shouldNameTheVerifiedCaller() {
        EnrichFixture fixture = EnrichFixture.istio().from(CART);

        ExportTraceServiceRequest passed = fixture.traces(
                sdk(resource("service.name", "cart", "mesh.client.principal", "forged"), span("http.route", "/")));

        assertThat(resourceOf(passed))
                .isEqualTo(Map.of(
                        "service.name", "cart",
                        "mesh.client.principal", CART,
                        "mesh.client.trust_domain", "cluster.local",
                        "mesh.client.namespace", "shop",
                        "mesh.client.service_account", "cart"));
    }

    @Test
    void shouldNotBelieveAHeaderUnlessTheMeshIsDeclared() {
        EnrichFixture fixture = EnrichFixture.of().from(CART);
        ExportTraceServiceRequest sent = sdk(resource("service.name", "cart"), span("http.route", "/"));

        assertThat(fixture.traces(sent)).isEqualTo(sent);
    }

    @Test
    void shouldMakeAResourceWhereThereIsNone() {
        EnrichFixture fixture = EnrichFixture.istio().from(CART);
        ExportTraceServiceRequest.Builder sent = sdk(resource(), span("http.route", "/")).toBuilder();
        sent.getResourceSpansBuilder(0).clearResource();

        assertThat(resourceOf(fixture.traces(sent.build()))).containsEntry("mesh.client.namespace", "shop");
    }

    @Test
    void shouldSayOfWhichPodAProxysSpansAre() {
        EnrichFixture fixture = EnrichFixture.of();

        ExportTraceServiceRequest passed = fixture.traces(envoy(span("node_id", node("cart-1", "shop", "10.1.2.3"))));

        assertThat(resourceOf(passed))
                .isEqualTo(Map.of(
                        "service.name", "cart.shop",
                        "k8s.pod.ip", "10.1.2.3",
                        "k8s.pod.name", "cart-1",
                        "k8s.namespace.name", "shop",
                        "mesh.proxy.type", "sidecar"));
        assertThat(spanOf(passed)).containsKey("node_id");
    }

    @Test
    void shouldNotTakeANodeIdFromAnybodyButEnvoy() {
        EnrichFixture fixture = EnrichFixture.of();
        ExportTraceServiceRequest sent =
                sdk(resource("service.name", "cart"), span("node_id", node("cart-1", "shop", "10.1.2.3")));

        assertThat(fixture.traces(sent)).isEqualTo(sent);
    }

    @Test
    void shouldNotLetAProxysWordReplaceWhatTheResourceSays() {
        EnrichFixture fixture = EnrichFixture.of();

        ExportTraceServiceRequest passed = fixture.traces(
                envoy(resource("k8s.pod.name", "cart-0"), span("node_id", node("cart-1", "shop", "10.1.2.3"))));

        assertThat(resourceOf(passed)).containsEntry("k8s.pod.name", "cart-0");
    }

    @Test
    void shouldSkipAttributionOfWhatARelayBrings() {
        EnrichFixture fixture = EnrichFixture.istio("mesh.dialect", "off").from(EnrichFixture.RELAY);
        ExportTraceServiceRequest sent = envoy(
                child("a1", "", "node_id", node("cart-1", "shop", "10.1.2.3")),
                child("a2", "", "node_id", node("vault-1", "bank", "10.1.2.4")));

        assertThat(fixture.traces(sent)).isEqualTo(sent);
    }

    @Test
    void shouldWriteCustomTagsFromLiteralsEnvironmentAndHeaders() {
        EnrichFixture fixture = EnrichFixture.of(
                "mesh.custom-tags.env.literal", "production",
                "mesh.custom-tags.pod.environment", "POD_NAME",
                "mesh.custom-tags.zone.environment", "ZONE",
                "mesh.custom-tags.zone.default", "unknown",
                "mesh.custom-tags.node.environment", "NODE",
                "mesh.custom-tags.tenant.header", "X-Tenant",
                "mesh.custom-tags.tenant.default", "none",
                "mesh.custom-tags.region.header", "x-region");
        ExportTraceServiceRequest sent = sdk(resource("env", "forged"), span("http.route", "/"));

        assertThat(resourceOf(fixture.traces(sent)))
                .isEqualTo(Map.of("env", "production", "pod", "weir-0", "zone", "unknown", "tenant", "none"));
        fixture.headers.put("x-tenant", "blue");
        fixture.headers.put("x-region", "eu");
        assertThat(resourceOf(fixture.traces(sent)))
                .isEqualTo(Map.of(
                        "env", "production", "pod", "weir-0", "zone", "unknown", "tenant", "blue", "region", "eu"));
    }

    @Test
    void shouldSetAndDeleteAttributesOfResourceAndSpan() {
        EnrichFixture fixture = EnrichFixture.of(
                "attributes.resource.set.\"deployment.environment.name\"", "prod",
                "attributes.resource.delete", "process.command_line,k8s.pod.ip",
                "attributes.span.set.team", "blue",
                "attributes.span.delete", "thread.id,url.full");

        ExportTraceServiceRequest passed = fixture.traces(envoy(
                resource("deployment.environment.name", "dev", "process.command_line", "x --password=y"),
                span(
                        "team", "red",
                        "thread.id", "1",
                        "http.url", "http://cart/",
                        "node_id", node("cart-1", "shop", "10.1.2.3"))));

        assertThat(resourceOf(passed))
                .containsEntry("deployment.environment.name", "prod")
                .doesNotContainKeys("process.command_line", "k8s.pod.ip");
        assertThat(spanOf(passed))
                .containsEntry("team", "blue")
                .containsKey("http.url")
                .doesNotContainKeys("thread.id", "url.full");
    }

    @Test
    void shouldTellWhoSendsHowMuch() {
        EnrichFixture fixture = EnrichFixture.istio();
        fixture.traces(envoy(span("node_id", node("cart-1", "shop", "10.1.2.3"))));
        fixture.traces(sdk(resource("service.name", "orders"), span(), span()));
        fixture.traces(sdk(resource(), span()));
        fixture.from(CART).traces(envoy(span("node_id", node("vault-1", "bank", "10.1.2.3"))));

        assertThat(fixture.senders.read(10).senders())
                .extracting(sender ->
                        sender.key().kind().label() + " " + sender.key().name() + " "
                                + sender.volume().signals().get(Signal.TRACES).items())
                .containsExactlyInAnyOrder(
                        "claimed shop/cart-1 1", "claimed orders 2", "peer peer 1", "verified " + CART + " 1");
        assertThat(fixture.senders.mismatches()).isEqualTo(1);
        assertThat(fixture.senders.outcomes()).isEqualTo(Map.of("none", 3L, "verified", 1L));
    }

    @Test
    void shouldReadTheNodeOfAccessLogsAndLinkerdsLabels() {
        EnrichFixture fixture = EnrichFixture.of();

        assertThat(resourceOf(fixture.traces(sdk(
                        resource(
                                "log_name",
                                "otel",
                                "node_name",
                                node("cart-1", "shop", "10.1.2.3"),
                                "zone_name",
                                "eu-1"),
                        span()))))
                .containsEntry("k8s.pod.name", "cart-1")
                .containsEntry("cloud.availability_zone", "eu-1");
        assertThat(resourceOf(fixture.traces(sdk(
                        resource("linkerd.io/control-plane-ns", "linkerd", "linkerd.io/workload-ns", "shop"), span()))))
                .containsEntry("k8s.namespace.name", "shop");
    }
}
