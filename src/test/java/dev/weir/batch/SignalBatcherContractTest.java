package dev.weir.batch;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.pipeline.Batch;
import dev.weir.pipeline.MemoryBudget.Use;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What the last stage owes to destinations: batches of their size, none too old, none too long. */
final class SignalBatcherContractTest extends SignalBatcherFixture {

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
        ExportTraceServiceRequest sent = ExportTraceServiceRequest.parseFrom(
                jaeger.batches.getFirst().bytes().toArray());
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

        assertThat(jaeger.batches).hasSizeGreaterThan(2).allMatch(b -> b.bytes().length() <= 200);
        assertThat(jaeger.batches.stream().mapToInt(Batch::items).sum()).isEqualTo(20);
        jaeger.finish();
    }

    @Test
    void shouldPassABigPayloadThroughAsItCame() {
        FakeDestination jaeger = new FakeDestination("jaeger");
        SignalBatcher batcher = batcher(200, jaeger);
        byte[] big = spans(1, 20).toByteArray();

        batcher.accept(payload(big, 20));

        assertThat(jaeger.batches.getFirst().bytes().toArray()).isSameAs(big);
        jaeger.finish();
    }

    @Test
    void shouldSplitWhatIsOverADestinationsMessageLimit() {
        FakeDestination jaeger = new FakeDestination("jaeger");
        jaeger.maxMessageSize = 300;
        SignalBatcher batcher = batcher(1_000, jaeger);

        send(batcher, spans(1, 30));

        assertThat(jaeger.batches).hasSizeGreaterThan(1).allMatch(b -> b.bytes().length() <= 300);
        assertThat(jaeger.batches.stream().mapToInt(Batch::items).sum()).isEqualTo(30);
        jaeger.finish();
    }
}
