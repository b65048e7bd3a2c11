package dev.weir.enrich;

import static dev.weir.enrich.MeshSpans.envoy;
import static dev.weir.enrich.MeshSpans.node;
import static dev.weir.enrich.MeshSpans.resource;
import static dev.weir.enrich.MeshSpans.sdk;
import static dev.weir.enrich.MeshSpans.span;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.enrich.senders.SenderKey;
import dev.weir.enrich.senders.SenderStatus;
import dev.weir.enrich.senders.SenderVolume;
import dev.weir.enrich.senders.SenderVolume.Counts;
import dev.weir.pipeline.Signal;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Under which name what comes is counted. */
final class SenderNotesTest {

    private static final String CART = "spiffe://cluster.local/ns/shop/sa/cart";

    @Test
    void shouldCountARequestOnceForItsVerifiedSenderWhateverItSays() {
        EnrichFixture fixture = EnrichFixture.istio().from(CART);
        ExportTraceServiceRequest request =
                both(sdk(resource("service.name", "a"), span(), span()), sdk(resource("service.name", "b"), span()));

        fixture.traces(request);

        SenderStatus status = only(fixture);
        assertThat(status.key()).isEqualTo(SenderKey.verified(CART, false));
        assertThat(status.volume())
                .isEqualTo(new SenderVolume(Map.of(Signal.TRACES, new Counts(1, 3, request.getSerializedSize())), 0));
        assertThat(fixture.senders.outcomes()).isEqualTo(Map.of("verified", 1L));
    }

    @Test
    void shouldCountEachResourceForTheWorkloadThatItClaims() {
        EnrichFixture fixture = EnrichFixture.of();
        ExportTraceServiceRequest cart = envoy(span("node_id", node("cart-1", "shop", "10.0.0.1")));
        ExportTraceServiceRequest pay = sdk(resource("service.name", "pay", "k8s.namespace.name", "shop"), span());

        fixture.traces(both(both(cart, pay), pay));

        List<SenderStatus> all = fixture.senders.read(10).senders();
        assertThat(all)
                .extracting(SenderStatus::key)
                .containsExactlyInAnyOrder(
                        SenderKey.claimed("shop", "cart-1", null), SenderKey.claimed("shop", null, "pay"));
        assertThat(all)
                .filteredOn(status -> status.key().name().equals("shop/pay"))
                .singleElement()
                .satisfies(status -> assertThat(status.volume().signals().get(Signal.TRACES))
                        .isEqualTo(new Counts(2, 2, 2L * pay.getResourceSpans(0).getSerializedSize())));
    }

    @Test
    void shouldCountForThePeerWhatSaysNothingOfItself() {
        EnrichFixture fixture = EnrichFixture.of();

        fixture.traces(sdk(resource("host.name", "node-7"), span()));

        assertThat(only(fixture).key()).isEqualTo(SenderKey.peer("peer:1"));
        assertThat(fixture.senders.outcomes()).isEqualTo(Map.of("none", 1L));
    }

    @Test
    void shouldNotCountForWhoAForgedHeaderNames() {
        EnrichFixture fixture = EnrichFixture.istio();
        fixture.headers.put("x-forwarded-client-cert", "By=" + EnrichFixture.OWN + ";Subject=\"x;URI=" + CART);

        fixture.traces(sdk(resource("service.name", "thief"), span()));

        assertThat(only(fixture).key()).isEqualTo(SenderKey.claimed(null, null, "thief"));
        assertThat(fixture.senders.outcomes()).isEqualTo(Map.of("unbalanced", 1L));
    }

    @Test
    void shouldMarkARelay() {
        EnrichFixture fixture = EnrichFixture.istio().from(EnrichFixture.RELAY);

        fixture.traces(envoy(span("node_id", node("cart-1", "shop", "10.0.0.1"))));

        assertThat(only(fixture).key()).isEqualTo(SenderKey.verified(EnrichFixture.RELAY, true));
        assertThat(fixture.senders.mismatches()).isZero();
    }

    @Test
    void shouldCountAMismatchAgainstWhoSentIt() {
        EnrichFixture fixture = EnrichFixture.istio().from(CART);

        fixture.traces(envoy(span("node_id", node("pay-1", "bank", "10.0.0.2"))));
        fixture.traces(envoy(span("node_id", node("cart-1", "shop", "10.0.0.1"))));

        assertThat(only(fixture).volume().mismatches()).isEqualTo(1);
        assertThat(fixture.senders.mismatches()).isEqualTo(1);
    }

    @Test
    void shouldCountEachPodOfAResourceThatIsSplit() {
        EnrichFixture fixture = EnrichFixture.of();

        fixture.traces(envoy(
                span("node_id", node("cart-1", "shop", "10.0.0.1")),
                span("node_id", node("pay-1", "shop", "10.0.0.2"))));

        assertThat(fixture.senders.read(10).senders())
                .allMatch(status -> status.volume().signals().get(Signal.TRACES).items() == 1)
                .extracting(status -> status.key().name())
                .containsExactlyInAnyOrder("shop/cart-1", "shop/pay-1");
    }

    @Test
    void shouldCountWhatIsDropped() {
        EnrichFixture fixture = EnrichFixture.istio().from(CART);

        fixture.send(
                Signal.TRACES,
                envoy(span("grpc.path", "/opentelemetry.proto.collector.trace.v1.TraceService/Export"))
                        .toByteArray());

        assertThat(only(fixture).volume().signals().get(Signal.TRACES).items()).isEqualTo(1);
    }

    private static SenderStatus only(EnrichFixture fixture) {
        List<SenderStatus> all = fixture.senders.read(10).senders();
        assertThat(all).hasSize(1);
        return all.getFirst();
    }

    private static ExportTraceServiceRequest both(ExportTraceServiceRequest one, ExportTraceServiceRequest other) {
        return one.toBuilder().mergeFrom(other).build();
    }
}
