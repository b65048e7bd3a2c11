package dev.weir.enrich;

import static dev.weir.enrich.MeshSpans.envoy;
import static dev.weir.enrich.MeshSpans.node;
import static dev.weir.enrich.MeshSpans.resource;
import static dev.weir.enrich.MeshSpans.resourceOf;
import static dev.weir.enrich.MeshSpans.sdk;
import static dev.weir.enrich.MeshSpans.span;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.weir.enrich.kubernetes.Pod;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Of which pod what is sent is, and whether the verified sender may say so. */
class PodAttributionTest {

    private static final String CART = "spiffe://cluster.local/ns/shop/sa/cart";
    private static final Pod CART_POD = new Pod(
            "8f14e45f",
            "shop",
            "cart-7d4b9c8f6d-abcde",
            "10.1.2.3",
            "cart",
            Map.of(
                    "k8s.pod.uid", "8f14e45f",
                    "k8s.pod.name", "cart-7d4b9c8f6d-abcde",
                    "k8s.namespace.name", "shop",
                    "k8s.deployment.name", "cart",
                    "mesh.mode", "sidecar"));

    @Test
    void shouldLetKubernetesReplaceWhatTheResourceSays() {
        EnrichFixture fixture = knowing(CART_POD);

        ExportTraceServiceRequest passed = fixture.traces(sdk(
                resource("k8s.pod.uid", "8f14e45f", "k8s.deployment.name", "forged", "service.name", "cart"),
                span("http.route", "/")));

        assertThat(resourceOf(passed))
                .isEqualTo(Map.of(
                        "service.name", "cart",
                        "k8s.pod.uid", "8f14e45f",
                        "k8s.pod.name", "cart-7d4b9c8f6d-abcde",
                        "k8s.namespace.name", "shop",
                        "k8s.deployment.name", "cart",
                        "mesh.mode", "sidecar"));
    }

    @Test
    void shouldFindThePodByTheNodeIdAndByTheAddressAlone() {
        EnrichFixture fixture = knowing(CART_POD);

        assertThat(resourceOf(
                        fixture.traces(envoy(span("node_id", node("cart-7d4b9c8f6d-abcde", "shop", "10.1.2.3"))))))
                .containsEntry("k8s.deployment.name", "cart");
        assertThat(resourceOf(fixture.traces(sdk(resource("k8s.pod.ip", "10.1.2.3"), span("http.route", "/")))))
                .containsEntry("k8s.deployment.name", "cart");
    }

    @Test
    void shouldNotTakeAPodThatIsNotAsClaimedInEveryPoint() {
        EnrichFixture fixture = knowing(CART_POD);

        assertThat(resourceOf(
                        fixture.traces(envoy(span("node_id", node("cart-7d4b9c8f6d-abcde", "shop", "10.9.9.9"))))))
                .doesNotContainKey("k8s.deployment.name");
        assertThat(resourceOf(fixture.traces(sdk(
                        resource("k8s.pod.uid", "8f14e45f", "k8s.namespace.name", "bank"), span("http.route", "/")))))
                .doesNotContainKey("k8s.deployment.name");
    }

    @Test
    void shouldAskKubernetesAgainWhenThePodChanged() {
        EnrichFixture fixture = EnrichFixture.of();
        ExportTraceServiceRequest sent = sdk(resource("k8s.pod.uid", "8f14e45f"), span("http.route", "/"));
        assertThat(fixture.traces(sent)).isEqualTo(sent);

        fixture.pods.add(CART_POD);
        assertThat(resourceOf(fixture.traces(sent))).containsEntry("k8s.deployment.name", "cart");

        fixture.pods.clear();
        assertThat(fixture.traces(sent)).isEqualTo(sent);
    }

    @Test
    void shouldFlagAProxyOfAnotherNamespaceAndNotWriteItsClaim() {
        EnrichFixture fixture = EnrichFixture.istio().from(CART);

        ExportTraceServiceRequest passed = fixture.traces(envoy(span("node_id", node("vault-1", "bank", "10.1.2.3"))));

        assertThat(resourceOf(passed))
                .contains(entry("mesh.identity.mismatch", "true"), entry("mesh.client.namespace", "shop"))
                .doesNotContainKeys("k8s.pod.name", "k8s.pod.ip", "k8s.namespace.name");
    }

    @Test
    void shouldNotFlagAProxyOfTheCallersNamespace() {
        EnrichFixture fixture = EnrichFixture.istio().from(CART);

        ExportTraceServiceRequest passed = fixture.traces(envoy(span("node_id", node("cart-1", "shop", "10.1.2.3"))));

        assertThat(resourceOf(passed))
                .containsEntry("k8s.pod.name", "cart-1")
                .doesNotContainKey("mesh.identity.mismatch");
    }

    @Test
    void shouldFlagAnSdkThatClaimsAnotherNamespace() {
        EnrichFixture fixture = EnrichFixture.istio().from(CART);

        assertThat(resourceOf(fixture.traces(sdk(resource("k8s.namespace.name", "bank"), span("http.route", "/")))))
                .containsEntry("mesh.identity.mismatch", "true");
        assertThat(resourceOf(fixture.traces(sdk(resource("k8s.namespace.name", "shop"), span("http.route", "/")))))
                .doesNotContainKey("mesh.identity.mismatch");
        assertThat(resourceOf(fixture.from(EnrichFixture.RELAY)
                        .traces(sdk(resource("k8s.namespace.name", "bank"), span("http.route", "/")))))
                .doesNotContainKey("mesh.identity.mismatch");
    }

    @Test
    void shouldFlagWhoClaimsAPodOfAnotherServiceAccount() {
        EnrichFixture fixture = EnrichFixture.istio().from("spiffe://cluster.local/ns/shop/sa/thief");
        fixture.pods.add(CART_POD);
        ExportTraceServiceRequest claimed = sdk(resource("k8s.pod.uid", "8f14e45f"), span("http.route", "/"));

        assertThat(resourceOf(fixture.traces(claimed)))
                .containsEntry("mesh.identity.mismatch", "true")
                .doesNotContainKey("k8s.deployment.name");
        assertThat(resourceOf(fixture.from(CART).traces(claimed)))
                .containsEntry("k8s.deployment.name", "cart")
                .doesNotContainKey("mesh.identity.mismatch");
    }

    @Test
    void shouldFindAPodByUidOrNameWhoseSecondAddressIsGiven() {
        EnrichFixture fixture = knowing(CART_POD);
        fixture.secondAddresses.put("fd00::3", CART_POD);

        assertThat(resourceOf(fixture.traces(
                        sdk(resource("k8s.pod.uid", "8f14e45f", "k8s.pod.ip", "fd00::3"), span("http.route", "/")))))
                .containsEntry("k8s.deployment.name", "cart");
        assertThat(resourceOf(fixture.traces(envoy(span("node_id", node("cart-7d4b9c8f6d-abcde", "shop", "fd00::3"))))))
                .containsEntry("k8s.deployment.name", "cart");
        assertThat(resourceOf(fixture.traces(
                        sdk(resource("k8s.pod.uid", "8f14e45f", "k8s.pod.ip", "fd00::4"), span("http.route", "/")))))
                .doesNotContainKey("k8s.deployment.name");
    }

    @Test
    void shouldWriteNoKeyTwiceThatTheResourceTheProxyAndKubernetesAllKnow() {
        ExportTraceServiceRequest passed = knowing(CART_POD)
                .traces(envoy(
                        resource(
                                "service.name", "cart.shop",
                                "k8s.pod.name", "cart-7d4b9c8f6d-abcde",
                                "k8s.namespace.name", "shop"),
                        span("node_id", node("cart-7d4b9c8f6d-abcde", "shop", "10.1.2.3"))));

        assertThat(resourceOf(passed))
                .contains(
                        entry("k8s.pod.name", "cart-7d4b9c8f6d-abcde"),
                        entry("k8s.namespace.name", "shop"),
                        entry("k8s.pod.ip", "10.1.2.3"));
        assertThat(keys(passed)).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(strings = {"mesh.custom-tags.\"k8s.pod.ip\".literal", "attributes.resource.set.\"k8s.pod.ip\""})
    void shouldWriteNoKeyTwiceThatTheOperatorSets(String property) {
        EnrichFixture fixture = EnrichFixture.of(property, "10.7.7.7");

        ExportTraceServiceRequest passed = fixture.traces(
                envoy(resource("k8s.pod.ip", "10.7.7.7"), span("node_id", node("cart-1", "shop", "10.1.2.3"))));

        assertThat(resourceOf(passed)).contains(entry("k8s.pod.ip", "10.7.7.7"), entry("k8s.pod.name", "cart-1"));
        assertThat(keys(passed)).doesNotHaveDuplicates();
    }

    private static List<String> keys(ExportTraceServiceRequest request) {
        return request.getResourceSpans(0).getResource().getAttributesList().stream()
                .map(KeyValue::getKey)
                .toList();
    }

    private static EnrichFixture knowing(Pod pod) {
        EnrichFixture fixture = EnrichFixture.of();
        fixture.pods.add(pod);
        return fixture;
    }
}
