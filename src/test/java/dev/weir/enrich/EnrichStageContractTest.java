package dev.weir.enrich;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.pipeline.Deadline;
import dev.weir.pipeline.Payload;
import dev.weir.pipeline.Refusal;
import dev.weir.pipeline.Signal;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
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
    void shouldRefuseARequestThatWouldBecomeManyTimesAsLong() {
        EnrichFixture fixture = EnrichFixture.of("attributes.span.set.big", "x".repeat(50_000));
        Span[] spans = new Span[200];
        Arrays.fill(spans, MeshSpans.span());

        assertThat(fixture.send(
                        Signal.TRACES,
                        MeshSpans.sdk(MeshSpans.resource(), spans).toByteArray()))
                .isNull();

        assertThat(fixture.answers).containsExactly("too_large");
        assertThat(fixture.budget.used()).isZero();
    }

    @Test
    void shouldGiveTheMemoryBackWhenALaterStageThrows() {
        EnrichFixture fixture = EnrichFixture.of().throwing(new IllegalStateException("a bug"));

        assertThatThrownBy(() -> fixture.send(Signal.TRACES, forged().toByteArray()))
                .hasMessage("a bug");

        assertThat(fixture.budget.used()).isZero();
        assertThat(fixture.answers).containsExactly("memory");
    }

    @Test
    void shouldDoTheSameWhetherReceiptFoundARequestPlainOrDidNotLook() {
        for (ExportTraceServiceRequest request : List.of(
                MeshSpans.sdk(
                        MeshSpans.resource("mesh.mode", "x"), MeshSpans.span("http.route", "/"), MeshSpans.span()),
                MeshSpans.envoy(MeshSpans.span("http.method", "GET"), MeshSpans.span("zone", "eu-1")),
                forged())) {
            EnrichFixture sifted = EnrichFixture.of();
            EnrichFixture unsifted = EnrichFixture.of().withoutSieve();

            assertThat(sifted.traces(request)).isEqualTo(unsifted.traces(request));
            assertThat(sifted.senders.read(1).senders().getFirst().volume())
                    .isEqualTo(unsifted.senders.read(1).senders().getFirst().volume());
        }
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
