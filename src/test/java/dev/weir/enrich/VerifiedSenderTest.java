package dev.weir.enrich;

import static dev.weir.enrich.MeshSpans.resource;
import static dev.weir.enrich.MeshSpans.resourceOf;
import static dev.weir.enrich.MeshSpans.sdk;
import static dev.weir.enrich.MeshSpans.span;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.weir.enrich.senders.SenderKey;
import dev.weir.enrich.senders.SenderStatus;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose word makes a sender a verified one, by what is configured to stand in front. */
class VerifiedSenderTest {

    private static final String CART = "spiffe://cluster.local/ns/shop/sa/cart";
    private static final ExportTraceServiceRequest SENT =
            sdk(resource("service.name", "cart"), span("http.route", "/"));

    @Test
    void shouldBelieveLinkerdsHeaderBehindLinkerd() {
        assertVerified(sayingLinkerd(EnrichFixture.of("mesh.kind", "linkerd")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"istio", "none"})
    void shouldNotBelieveLinkerdsHeaderBehindAnythingElse(String kind) {
        assertUnverified(sayingLinkerd(EnrichFixture.of("mesh.kind", kind, "mesh.identity", EnrichFixture.OWN)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"linkerd", "none"})
    void shouldNotBelieveIstiosHeaderBehindAnythingElse(String kind) {
        assertUnverified(EnrichFixture.of("mesh.kind", kind, "mesh.identity", EnrichFixture.OWN)
                .from(CART));
    }

    @Test
    void shouldNameAClientByItsOwnCertificateWithoutAMesh() {
        assertVerified(EnrichFixture.of().withCertificate(CART));
    }

    @Test
    void shouldWriteNothingOfACertificateWithoutASpiffeId() {
        EnrichFixture fixture = EnrichFixture.of().withCertificate("CN=cart");

        assertThat(fixture.traces(SENT)).isEqualTo(SENT);
        assertThat(fixture.senders.read(10).senders())
                .as("but who sends is known")
                .extracting(SenderStatus::key)
                .containsExactly(SenderKey.verified("CN=cart", false));
    }

    private static EnrichFixture sayingLinkerd(EnrichFixture fixture) {
        fixture.headers.put("l5d-client-id", "cart.shop.serviceaccount.identity.linkerd.cluster.local");
        return fixture;
    }

    private static void assertVerified(EnrichFixture fixture) {
        assertThat(resourceOf(fixture.traces(SENT)))
                .contains(
                        entry("mesh.client.principal", CART),
                        entry("mesh.client.trust_domain", "cluster.local"),
                        entry("mesh.client.namespace", "shop"),
                        entry("mesh.client.service_account", "cart"));
        assertThat(fixture.senders.read(10).senders())
                .extracting(SenderStatus::key)
                .containsExactly(SenderKey.verified(CART, false));
    }

    private static void assertUnverified(EnrichFixture fixture) {
        assertThat(fixture.traces(SENT)).isEqualTo(SENT);
        assertThat(fixture.senders.read(10).senders())
                .extracting(SenderStatus::key)
                .containsExactly(SenderKey.claimed(null, null, "cart"));
    }
}
