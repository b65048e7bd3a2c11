package dev.weir.batch;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.weir.pipeline.Ack;
import dev.weir.pipeline.Batch;
import dev.weir.pipeline.ByteSize;
import dev.weir.pipeline.Destination;
import dev.weir.pipeline.Ledger;
import dev.weir.pipeline.MemoryBudget;
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

/** A batcher of traces before destinations that keep what they get; after each test all memory is given back. */
abstract class SignalBatcherFixture {

    final Ledger ledger = new Ledger();
    final MemoryBudget budget = new MemoryBudget(10_000, 0, 0, 0);
    final AtomicLong now = new AtomicLong();
    final List<String> answers = new ArrayList<>();

    @AfterEach
    void everythingIsGivenBack() {
        assertThat(ledger.violations()).isEmpty();
        assertThat(budget.used()).isZero();
    }

    SignalBatcher batcher(long size, Destination... destinations) {
        return batcher(size, budget, destinations);
    }

    SignalBatcher batcher(long size, MemoryBudget memory, Destination... destinations) {
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

    void send(SignalBatcher batcher, ExportTraceServiceRequest request) {
        batcher.accept(payload(
                request.toByteArray(),
                request.getResourceSpans(0).getScopeSpans(0).getSpansCount()));
    }

    Payload payload(byte[] bytes, int items) {
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

    static ExportTraceServiceRequest spans(int first, int count) {
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

    final class FakeDestination implements Destination {

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
