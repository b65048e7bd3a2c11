package dev.weir.enrich.identity;

import static dev.weir.enrich.identity.ForwardedClientCertTest.ADMIN;
import static dev.weir.enrich.identity.ForwardedClientCertTest.CART;
import static dev.weir.enrich.identity.ForwardedClientCertTest.FORGED;
import static dev.weir.enrich.identity.ForwardedClientCertTest.OURS;
import static dev.weir.enrich.identity.ForwardedClientCertTest.WAYPOINT;
import static dev.weir.enrich.identity.ForwardedClientCertTest.WEIR;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.pipeline.Sender;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose word is taken: the certificate's, the header's, or nobody's. */
class CallersTest {

    private static final String XFCC = "x-forwarded-client-cert";
    private static final String L5D = "l5d-client-id";
    private static final String AGENT = "spiffe://cluster.local/ns/observability/sa/otel-agent";
    private static final String CART_OF_LINKERD = "cart.shop.serviceaccount.identity.linkerd.cluster.local";

    private final Callers istio = callers(Trust.Mesh.ISTIO);
    private final Callers linkerd = callers(Trust.Mesh.LINKERD);
    private final Callers none = callers(Trust.Mesh.NONE);

    @Test
    void shouldAskForTheHeadersOfTheMeshAndOfOthers() {
        assertThat(Callers.headers(Trust.Mesh.NONE, Set.of())).isEmpty();
        assertThat(Callers.headers(Trust.Mesh.ISTIO, Set.of())).containsExactly(XFCC);
        assertThat(Callers.headers(Trust.Mesh.LINKERD, List.of("X-Tenant", "x-tenant")))
                .containsExactlyInAnyOrder(L5D, "x-tenant");
    }

    @Test
    void shouldBelieveOurSidecarsHeader() {
        Caller caller = istio.of(sender(null, Map.of(XFCC, FORGED + "," + OURS)));

        assertThat(caller).isEqualTo(verified(CART));
        assertThat(istio.of(sender(null, Map.of(XFCC, FORGED + "," + OURS)))).isSameAs(caller);
    }

    @Test
    void shouldBelieveNoHeaderWithoutAMesh() {
        Sender sender = sender(null, Map.of(XFCC, OURS, L5D, CART_OF_LINKERD));

        assertThat(none.of(sender)).isEqualTo(Caller.NONE);
        assertThat(new Callers(Trust.NONE).of(sender)).isEqualTo(Caller.NONE);
    }

    @Test
    void shouldBelieveNoHeaderOfAnotherMesh() {
        assertThat(istio.of(sender(null, Map.of(L5D, CART_OF_LINKERD)))).isEqualTo(Caller.NONE);
        assertThat(linkerd.of(sender(null, Map.of(XFCC, OURS)))).isEqualTo(Caller.NONE);
    }

    @Test
    void shouldBelieveACertificateWhateverTheMesh() {
        for (Callers callers : List.of(istio, linkerd, none, new Callers(Trust.NONE))) {
            Caller caller = callers.of(sender(CART, Map.of()));

            assertThat(caller).isEqualTo(verified(CART));
            assertThat(callers.of(sender(CART, Map.of()))).isSameAs(caller);
        }
    }

    @Test
    void shouldBelieveTheCertificateOverTheHeaderThatItsOwnerWrote() {
        assertThat(istio.of(sender(CART, Map.of(XFCC, FORGED)))).isEqualTo(verified(CART));
        assertThat(linkerd.of(sender(CART, Map.of(L5D, "admin." + CART_OF_LINKERD))))
                .isEqualTo(verified(CART));
        assertThat(istio.of(sender("CN=cart", Map.of(XFCC, FORGED)))).isEqualTo(Caller.NONE);
    }

    @Test
    void shouldNotBelieveTheHeaderOfAClientThatSpeaksTlsWithoutACertificate() {
        assertThat(istio.of(overTls(Map.of(XFCC, OURS)))).isEqualTo(Caller.unknown(Outcome.OVER_TLS));
        assertThat(istio.of(overTls(Map.of(XFCC, "By=" + WAYPOINT + ";URI=" + CART))))
                .isEqualTo(Caller.unknown(Outcome.OVER_TLS));
        assertThat(linkerd.of(overTls(Map.of(L5D, CART_OF_LINKERD)))).isEqualTo(Caller.unknown(Outcome.OVER_TLS));
        assertThat(istio.of(overTls(Map.of()))).isSameAs(Caller.NONE);
        assertThat(none.of(overTls(Map.of(XFCC, OURS)))).isSameAs(Caller.NONE);
    }

    @Test
    void shouldBelieveTheHeaderOfAWaypointThatComesWithItsCertificate() {
        String header = "By=" + WAYPOINT + ";URI=" + CART;

        assertThat(istio.of(sender(WAYPOINT, Map.of(XFCC, header)))).isEqualTo(verified(CART));
        assertThat(istio.of(sender(WAYPOINT, Map.of(XFCC, "By=" + WAYPOINT + ";URI="))))
                .isEqualTo(Caller.unknown(Outcome.NO_IDENTITY));
        assertThat(istio.of(sender(WAYPOINT, Map.of())))
                .as("it may bring what somebody else sent")
                .isSameAs(Caller.NONE);
    }

    @Test
    void shouldBelieveAWaypointOnlyWhatItReceivedItself() {
        assertThat(istio.of(sender(WAYPOINT, Map.of(XFCC, OURS))))
                .as("By is our own sidecar's")
                .isEqualTo(Caller.unknown(Outcome.NOT_FOR_US));
        assertThat(istio.of(sender(WAYPOINT, Map.of(XFCC, ",".repeat(Callers.MOST_HEADER) + OURS))))
                .isEqualTo(Caller.unknown(Outcome.TOO_LONG));
    }

    @Test
    void shouldKnowNobodyWithoutHeaderOrCertificate() {
        assertThat(istio.of(sender(null, Map.of()))).isSameAs(Caller.NONE);
        assertThat(none.of(sender("CN=cart", Map.of()))).isSameAs(Caller.NONE);
        assertThat(none.of(sender("spiffe://cluster.local", Map.of()))).isSameAs(Caller.NONE);
    }

    @Test
    void shouldKnowRelays() {
        assertThat(istio.of(sender(null, Map.of(XFCC, OURS.replace(CART, AGENT))))
                        .relay())
                .isTrue();
        assertThat(none.of(sender(AGENT, Map.of())).relay()).isTrue();
        assertThat(linkerd.of(sender(
                                null,
                                Map.of(L5D, "otel-agent.observability.serviceaccount.identity.linkerd.cluster.local")))
                        .relay())
                .isTrue();
        assertThat(istio.of(sender(null, Map.of(XFCC, OURS))).relay()).isFalse();
    }

    @Test
    void shouldNotTakeAClaimForARelay() {
        String claim = "By=" + CART + ";URI=" + AGENT;

        assertThat(istio.of(sender(null, Map.of(XFCC, claim)))).isEqualTo(Caller.unknown(Outcome.NOT_FOR_US));
    }

    @Test
    void shouldRefuseHeadersThatAreTooLong() {
        String most = ",".repeat(Callers.MOST_HEADER - OURS.length()) + OURS;

        assertThat(istio.of(sender(null, Map.of(XFCC, most)))).isEqualTo(verified(CART));
        assertThat(istio.of(sender(null, Map.of(XFCC, "," + most)))).isEqualTo(Caller.unknown(Outcome.TOO_LONG));
    }

    @ParameterizedTest
    @CsvSource({
        CART_OF_LINKERD + ", " + CART,
        "ca.rt.shop.serviceaccount.identity.linkerd.cluster.local, spiffe://cluster.local/ns/shop/sa/ca.rt",
        "cart.shop.serviceaccount.identity.l5d.prod, spiffe://prod/ns/shop/sa/cart",
        "spiffe://root.linkerd.cluster.local/vm-7, spiffe://root.linkerd.cluster.local/vm-7"
    })
    void shouldReadTheIdentityThatLinkerdVerified(String header, String uri) {
        assertThat(linkerd.of(sender(null, Map.of(L5D, header)))).isEqualTo(verified(uri));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "cart",
                "cart.shop.serviceaccount.identity",
                "cart.shop.serviceaccount.identity.",
                "cart.shop.serviceaccount.identity.linkerd",
                "cart.shop.serviceaccount.identity.linkerd.",
                "cart.shop.serviceaccount.identity..cluster.local",
                "shop.serviceaccount.identity.linkerd.cluster.local",
                ".shop.serviceaccount.identity.linkerd.cluster.local",
                "cart..serviceaccount.identity.linkerd.cluster.local",
                ".serviceaccount.identity.linkerd.cluster.local",
                "cart.shop.serviceaccount.identity.linkerd.cluster.local/../x",
                "cart/x.shop.serviceaccount.identity.linkerd.cluster.local",
                "cart.shop.serviceaccount.identity.linkerd.CLUSTER",
                "spiffe://cluster.local"
            })
    void shouldNotReadWhatLinkerdDoesNotWrite(String header) {
        assertThat(linkerd.of(sender(null, Map.of(L5D, header)))).isEqualTo(Caller.unknown(Outcome.NO_IDENTITY));
    }

    @Test
    void shouldRefuseWhatLinkerdsProxyCannotHaveWrittenAlone() {
        assertThat(linkerd.of(sender(null, Map.of(L5D, "admin." + CART_OF_LINKERD + "," + CART_OF_LINKERD))))
                .isEqualTo(Caller.unknown(Outcome.AMBIGUOUS));
        assertThat(linkerd.of(sender(null, Map.of(L5D, "a.b.serviceaccount.identity.l." + CART_OF_LINKERD))))
                .isEqualTo(Caller.unknown(Outcome.AMBIGUOUS));
        assertThat(linkerd.of(sender(null, Map.of(L5D, "a".repeat(513))))).isEqualTo(Caller.unknown(Outcome.TOO_LONG));
    }

    @Test
    void shouldNotConfuseTextsOfHeadersAndCertificates() {
        assertThat(istio.of(sender(CART, Map.of()))).isEqualTo(verified(CART));
        assertThat(istio.of(sender(null, Map.of(XFCC, CART))).verified()).isNull();
        assertThat(istio.of(sender(null, Map.of(XFCC, OURS)))).isEqualTo(verified(CART));
        assertThat(istio.of(sender(OURS, Map.of()))).isEqualTo(Caller.NONE);
    }

    private static Callers callers(Trust.Mesh mesh) {
        return new Callers(new Trust(mesh, WEIR, Set.of(WAYPOINT), Set.of(AGENT)));
    }

    private static Caller verified(String uri) {
        SpiffeId id = SpiffeId.parse(uri);
        assertThat(id).isNotNull();
        assertThat(uri).isNotEqualTo(ADMIN);
        return new Caller(id, false, Outcome.VERIFIED);
    }

    private static Sender overTls(Map<String, String> headers) {
        return new Sender(Sender.Protocol.GRPC, true, null, "10.0.0.1:1", 1, headers);
    }

    private static Sender sender(@Nullable String principal, Map<String, String> headers) {
        return new Sender(Sender.Protocol.GRPC, principal, "127.0.0.6:1", 1, headers);
    }
}
