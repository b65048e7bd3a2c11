package dev.weir.batch;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.pipeline.Ack;
import dev.weir.pipeline.Batch;
import dev.weir.pipeline.ByteSize;
import dev.weir.pipeline.Destination;
import dev.weir.pipeline.Ledger;
import dev.weir.pipeline.MemoryBudget;
import dev.weir.pipeline.MemoryBudget.Use;
import dev.weir.pipeline.Payload;
import dev.weir.pipeline.Refusal;
import dev.weir.pipeline.Sender;
import dev.weir.pipeline.Signal;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the last stage owes to senders and destinations: one answer each, nothing copied on refusal, memory given back. */
final class SignalBatcherContractTest {

    private final Ledger ledger = new Ledger();
    private final MemoryBudget budget = new MemoryBudget(10_000, 0, 0, 0);
    private final AtomicLong now = new AtomicLong();
    private final List<String> answers = new ArrayList<>();

    @AfterEach
    void everythingIsGivenBack() {
        assertThat(ledger.violations()).isEmpty();
        assertThat(budget.used()).isZero();
    }

    @Test
    void shouldGatherPayloadsOfOneResourceIntoOneBatch() throws InvalidProtocolBufferException {
        FakeDestination jaeger = new FakeDestination("jaeger");
        SignalBatcher batcher = batcher(1_000, jaeger);

        send(batcher, spans(1, 2));
        send(batcher, spans(3, 1));
        assertThat(jaeger.batches).isEmpty();
        assertThat(budget.used(Use.QUEUES)).isPositive();
        batcher.seal();

        assertThat(answers).containsExactly("accepted", "accepted");
        ExportTraceServiceRequest sent =
                ExportTraceServiceRequest.parseFrom(jaeger.batches.getFirst().bytes());
        assertThat(sent.getResourceSpansCount()).isEqualTo(1);
        assertThat(sent.getResourceSpans(0).getScopeSpans(0).getSpansList())
                .extracting(Span::getName)
                .containsExactly("span 1", "span 2", "span 3");
        jaeger.finish();
    }

    @Test
    void shouldSealWhenTheOldestPayloadHasWaitedLongEnough() {
        FakeDestination jaeger = new FakeDestination("jaeger");
        SignalBatcher batcher = batcher(1_000, jaeger);
        send(batcher, spans(1, 1));

        now.addAndGet(Duration.ofMillis(199).toNanos());
        batcher.sealIfAged();
        assertThat(jaeger.batches).isEmpty();
        now.addAndGet(Duration.ofMillis(1).toNanos());
        batcher.sealIfAged();

        assertThat(jaeger.batches).hasSize(1);
        jaeger.finish();
    }

    @Test
    void shouldSealBeforeABatchWouldGrowOverItsSize() {
        FakeDestination jaeger = new FakeDestination("jaeger");
        SignalBatcher batcher = batcher(200, jaeger);

        for (int i = 0; i < 20; i++) {
            send(batcher, spans(i, 1));
        }
        batcher.seal();

        assertThat(jaeger.batches).hasSizeGreaterThan(2).allMatch(b -> b.bytes().length <= 200);
        assertThat(jaeger.batches.stream().mapToInt(Batch::items).sum()).isEqualTo(20);
        jaeger.finish();
    }

    @Test
    void shouldPassABigPayloadThroughAsItCame() {
        FakeDestination jaeger = new FakeDestination("jaeger");
        SignalBatcher batcher = batcher(200, jaeger);
        byte[] big = spans(1, 20).toByteArray();

        batcher.accept(payload(big, 20));

        assertThat(jaeger.batches.getFirst().bytes()).isSameAs(big);
        jaeger.finish();
    }

    @Test
    void shouldSplitWhatIsOverADestinationsMessageLimit() {
        FakeDestination jaeger = new FakeDestination("jaeger");
        jaeger.maxMessageSize = 300;
        SignalBatcher batcher = batcher(1_000, jaeger);

        send(batcher, spans(1, 30));

        assertThat(jaeger.batches).hasSizeGreaterThan(1).allMatch(b -> b.bytes().length <= 300);
        assertThat(jaeger.batches.stream().mapToInt(Batch::items).sum()).isEqualTo(30);
        jaeger.finish();
    }

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

        assertThat(budget.used(Use.QUEUES)).isEqualTo(jaeger.batches.getFirst().bytes().length);
        jaeger.finish();
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
                        .mapToLong(batch -> batch.bytes().length)
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

    private SignalBatcher batcher(long size, Destination... destinations) {
        return batcher(size, budget, destinations);
    }

    private SignalBatcher batcher(long size, MemoryBudget memory, Destination... destinations) {
        BatchConfig config = new BatchConfig() {
            @Override
            public ByteSize size() {
                return new ByteSize(size);
            }

            @Override
            public Duration age() {
                return Duration.ofMillis(200);
            }
        };
        return new SignalBatcher(
                Signal.TRACES, config, List.of(destinations), memory, ledger, new DrainRate(now::get), now::get);
    }

    private void send(SignalBatcher batcher, ExportTraceServiceRequest request) {
        batcher.accept(payload(
                request.toByteArray(),
                request.getResourceSpans(0).getScopeSpans(0).getSpansCount()));
    }

    private Payload payload(byte[] bytes, int items) {
        Sender sender = new Sender(Sender.Protocol.GRPC, null, "127.0.0.1:1", 1);
        return new Payload(Signal.TRACES, bytes, items, sender, now.get(), new Ack() {
            @Override
            protected void onAccepted() {
                ledger.received(Signal.TRACES, items);
                answers.add("accepted");
            }

            @Override
            protected void onRefused(Refusal refusal) {
                if (refusal.isRetryable()) {
                    assertThat(refusal.retryAfter()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(30));
                }
                answers.add("refused " + refusal.reason().label());
            }
        });
    }

    private static ExportTraceServiceRequest spans(int first, int count) {
        ScopeSpans.Builder scope = ScopeSpans.newBuilder();
        for (int i = first; i < first + count; i++) {
            scope.addSpans(Span.newBuilder()
                    .setTraceId(ByteString.copyFrom(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}))
                    .setSpanId(ByteString.copyFrom(new byte[] {1, 2, 3, 4, 5, 6, 7, (byte) i}))
                    .setName("span " + i));
        }
        KeyValue service = KeyValue.newBuilder()
                .setKey("service.name")
                .setValue(AnyValue.newBuilder().setStringValue("shop"))
                .build();
        return ExportTraceServiceRequest.newBuilder()
                .addResourceSpans(ResourceSpans.newBuilder()
                        .setResource(Resource.newBuilder().addAttributes(service))
                        .addScopeSpans(scope))
                .build();
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

    private final class FakeDestination implements Destination {

        final String name;
        final List<Batch> batches = new ArrayList<>();
        boolean hasRoom = true;
        int maxMessageSize = 1_000_000;
        long reserved;

        FakeDestination(String name) {
            this.name = name;
        }

        /** Sends what it has. */
        void finish() {
            for (Batch batch : batches) {
                ledger.destination(name).sent(batch.signal(), batch.items());
                batch.release();
            }
            assertThat(reserved).isZero();
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public boolean takes(Signal signal) {
            return true;
        }

        @Override
        public int maxMessageSize() {
            return maxMessageSize;
        }

        @Override
        public boolean tryReserve(Signal signal, int items, long bytes) {
            if (hasRoom) {
                reserved += bytes;
                ledger.destination(name).enqueued(signal, items);
            }
            return hasRoom;
        }

        @Override
        public void unreserve(Signal signal, int items, long bytes) {
            reserved -= bytes;
            ledger.destination(name).enqueued(signal, -items);
        }

        @Override
        public void enqueue(Batch batch, long reservedBytes) {
            reserved -= reservedBytes;
            batches.add(batch);
        }
    }
}
