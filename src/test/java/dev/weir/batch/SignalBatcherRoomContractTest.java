package dev.weir.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.otlp.RequestBytes;
import dev.weir.pipeline.MemoryBudget;
import dev.weir.pipeline.MemoryBudget.Use;
import dev.weir.pipeline.Signal;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import org.junit.jupiter.api.Test;

/** What the last stage owes to senders when there is no room: one answer each, and nothing copied on refusal. */
final class SignalBatcherRoomContractTest extends SignalBatcherFixture {

    @Test
    void shouldRefuseWithoutLeavingACopyAnywhereWhenOneDestinationIsFull() {
        FakeDestination first = new FakeDestination("first");
        FakeDestination full = new FakeDestination("full");
        full.hasRoom = false;
        SignalBatcher batcher = batcher(1_000, first, full);

        send(batcher, spans(1, 1));
        batcher.seal();

        assertThat(answers).containsExactly("refused queue_full");
        assertThat(first.batches).isEmpty();
        assertThat(first.reserved).isZero();
    }

    @Test
    void shouldRefuseWhenTheMemoryForQueuesIsUsedUp() {
        FakeDestination jaeger = new FakeDestination("jaeger");
        SignalBatcher batcher = batcher(1_000, jaeger);
        assertThat(budget.tryReserve(Use.HELD, 9_990)).isTrue();

        send(batcher, spans(1, 1));

        assertThat(answers).containsExactly("refused memory");
        assertThat(jaeger.reserved).isZero();
        budget.release(Use.HELD, 9_990);
    }

    @Test
    void shouldChargeOnlyWhatIsLeftAfterRegrouping() {
        FakeDestination jaeger = new FakeDestination("jaeger");
        SignalBatcher batcher = batcher(1_000, jaeger);

        for (int i = 0; i < 5; i++) {
            send(batcher, spans(i, 1));
        }
        batcher.seal();

        assertThat(budget.used(Use.QUEUES))
                .isEqualTo(jaeger.batches.getFirst().bytes().length());
        jaeger.finish();
    }

    @Test
    void shouldChargePiecesWithTheRequestsThatTheyHold() {
        FakeDestination jaeger = new FakeDestination("jaeger");
        SignalBatcher batcher = batcher(100_000, jaeger);
        long sent = 0;
        for (int i = 0; i < 5; i++) {
            ExportTraceServiceRequest request = spans(i, 20);
            sent += request.getSerializedSize();
            send(batcher, request);
        }

        batcher.seal();

        RequestBytes batch = jaeger.batches.getFirst().bytes();
        assertThat(batch.isArray()).isFalse();
        assertThat(batch.length()).isLessThan((int) sent);
        assertThat(budget.used(Use.QUEUES)).isEqualTo(sent);
        jaeger.finish();
        assertThat(budget.used(Use.QUEUES)).isZero();
    }

    @Test
    void shouldRefuseForGoodWhatCannotBeSplitWithinBounds() {
        FakeDestination jaeger = new FakeDestination("jaeger");
        jaeger.maxMessageSize = 2_000;
        SignalBatcher batcher = batcher(10_000, jaeger);
        ExportTraceServiceRequest wide = withWideResource(spans(1, 100), 1_900);

        send(batcher, wide);

        assertThat(answers).containsExactly("refused too_large");
        assertThat(jaeger.batches).isEmpty();
    }

    @Test
    void shouldCutNothingThatItHasNoRoomFor() {
        // Given a budget of twice the message, half of which the message has taken
        ExportTraceServiceRequest request = spans(1, 60);
        int length = request.getSerializedSize();
        MemoryBudget twice = new MemoryBudget(2L * length, 0, 0, 0);
        assertThat(twice.tryReserve(Use.RECEIVE, length)).isTrue();
        FakeDestination jaeger = new FakeDestination("jaeger");
        jaeger.maxMessageSize = 300;

        // When it is to be cut in parts that repeat its resource
        send(batcher(1_000, twice, jaeger), request);

        // Then it could never fit
        assertThat(answers).containsExactly("refused too_large");
        assertThat(jaeger.batches).isEmpty();
        assertThat(twice.used(Use.QUEUES)).isZero();
    }

    @Test
    void shouldRefuseForNowWhatHasRoomWhenOthersHaveGone() {
        FakeDestination jaeger = new FakeDestination("jaeger");
        jaeger.maxMessageSize = 300;
        ExportTraceServiceRequest request = spans(1, 60);
        assertThat(budget.tryReserve(Use.HELD, 10_000 - request.getSerializedSize()))
                .isTrue();

        send(batcher(1_000, jaeger), request);

        assertThat(answers).containsExactly("refused memory");
        budget.release(Use.HELD, 10_000 - request.getSerializedSize());
    }

    @Test
    void shouldChargeWhatThePartsTake() {
        FakeDestination jaeger = new FakeDestination("jaeger");
        jaeger.maxMessageSize = 300;

        send(batcher(1_000, jaeger), spans(1, 60));

        assertThat(budget.used(Use.QUEUES))
                .isEqualTo(jaeger.batches.stream()
                        .mapToLong(batch -> batch.bytes().length())
                        .sum());
        jaeger.finish();
    }

    @Test
    void shouldRefuseWhatComesAfterItIsClosed() {
        FakeDestination jaeger = new FakeDestination("jaeger");
        SignalBatcher batcher = batcher(1_000, jaeger);
        send(batcher, spans(1, 1));

        batcher.close();
        send(batcher, spans(2, 1));

        assertThat(answers).containsExactly("accepted", "refused draining");
        assertThat(jaeger.batches).hasSize(1);
        jaeger.finish();
    }

    @Test
    void shouldCountASignalThatNobodyTakes() {
        send(batcher(1_000), spans(1, 3));

        assertThat(answers).containsExactly("accepted");
        assertThat(ledger.read(Signal.TRACES).dropped()).containsEntry("no_destination", 3L);
    }

    private static ExportTraceServiceRequest withWideResource(ExportTraceServiceRequest request, int bytes) {
        ExportTraceServiceRequest.Builder wide = request.toBuilder();
        wide.getResourceSpansBuilder(0)
                .getResourceBuilder()
                .addAttributes(KeyValue.newBuilder()
                        .setKey("wide")
                        .setValue(AnyValue.newBuilder().setStringValue("x".repeat(bytes))));
        return wide.build();
    }
}
