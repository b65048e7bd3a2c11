package dev.weir.enrich;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.pipeline.Deadline;
import dev.weir.pipeline.Payload;
import dev.weir.pipeline.Refusal;
import dev.weir.pipeline.Signal;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the stage owes to senders, to the ledger and to the memory budget. */
class EnrichStageContractTest {

    private static final String[] DELIVERY = {
        "grpc.path", "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
        "grpc.authority", "weir.observability.svc.cluster.local"
    };

    @Test
    void shouldPassOnTheSamePayloadWhenNothingChanges() {
        EnrichFixture fixture = EnrichFixture.of();
        byte[] request = MeshSpans.sdk(MeshSpans.resource("service.name", "cart"), MeshSpans.span("http.route", "/"))
                .toByteArray();

        Payload passed = fixture.send(Signal.TRACES, request);

        assertThat(passed).isNotNull();
        assertThat(passed.bytes()).isSameAs(request);
        assertThat(fixture.answers).containsExactly("accepted");
    }

    @Test
    void shouldGiveTheMemoryBackWhenTheAckIsSettled() {
        EnrichFixture fixture = EnrichFixture.of();

        fixture.send(Signal.TRACES, forged().toByteArray());

        assertThat(fixture.answers).containsExactly("accepted");
        assertThat(fixture.budget.used()).isZero();
    }

    @Test
    void shouldRefuseWhenThereIsNoMemoryForTheNewRequest() {
        EnrichFixture fixture = EnrichFixture.of(50);

        assertThat(fixture.send(Signal.TRACES, forged().toByteArray())).isNull();

        assertThat(fixture.answers).containsExactly("memory");
    }

    @Test
    void shouldCountNothingOfARequestThatIsRefusedFurtherOn() {
        EnrichFixture fixture = EnrichFixture.of()
                .refusing(Refusal.retryable(Refusal.Reason.QUEUE_FULL, "full", Duration.ofSeconds(1)));

        fixture.send(
                Signal.TRACES,
                MeshSpans.envoy(MeshSpans.span(DELIVERY), MeshSpans.span("http.method", "GET"))
                        .toByteArray());

        assertThat(fixture.answers).containsExactly("queue_full");
        assertThat(fixture.ledger.read(Signal.TRACES).dropped()).isEmpty();
    }

    @Test
    void shouldCountWhatIsDroppedOnceTheRestIsTaken() {
        EnrichFixture fixture = EnrichFixture.of();

        Payload passed = fixture.send(
                Signal.TRACES,
                MeshSpans.envoy(MeshSpans.span(DELIVERY), MeshSpans.span("http.method", "GET"))
                        .toByteArray());

        assertThat(passed).isNotNull();
        assertThat(passed.items()).isEqualTo(1);
        assertThat(fixture.ledger.read(Signal.TRACES).dropped()).isEqualTo(Map.of("self_telemetry", 1L));
    }

    @Test
    void shouldAcceptARequestOfWhichNothingIsLeft() {
        EnrichFixture fixture = EnrichFixture.of();

        assertThat(fixture.send(
                        Signal.TRACES,
                        MeshSpans.envoy(MeshSpans.span(DELIVERY), MeshSpans.span(DELIVERY))
                                .toByteArray()))
                .isNull();

        assertThat(fixture.answers).containsExactly("accepted");
        assertThat(fixture.ledger.read(Signal.TRACES).dropped()).isEqualTo(Map.of("self_telemetry", 2L));
    }

    @Test
    void shouldHoldNothing() {
        EnrichFixture fixture = EnrichFixture.of();
        fixture.send(Signal.TRACES, forged().toByteArray());

        fixture.stage.drain(Deadline.in(Duration.ofSeconds(1)));

        assertThat(fixture.passedOn).hasSize(1);
    }

    private static ExportTraceServiceRequest forged() {
        return MeshSpans.sdk(
                MeshSpans.resource("mesh.client.principal", "spiffe://cluster.local/ns/bank/sa/vault"),
                MeshSpans.span("http.route", "/"));
    }
}
