package dev.weir.sample.ratio;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.sun.management.ThreadMXBean;
import dev.weir.pipeline.Signal;
import dev.weir.sample.ratio.RatioConfig.Mode;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.lang.management.ManagementFactory;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RatioStageAllocationTest {

    private static final int SPANS = 512;
    private static final int ROUNDS = 500;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final ItemSampler sampler = new ItemSampler();
    private final RatioDecision decision = new RatioDecision(0.5, Mode.EQUALIZING);

    @Test
    void shouldAllocateNothingButTheRequestThatGoesOn() {
        byte[] request = request();
        for (int i = 0; i < 100; i++) {
            sample(request);
        }

        long written = 0;
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < ROUNDS; i++) {
            written += sample(request);
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        assertThat(written).isPositive();
        assertThat(allocated - written)
                .as("bytes for %d spans beside what is written", ROUNDS * SPANS)
                .isLessThan(ROUNDS * SPANS / 4);
    }

    private int sample(byte[] request) {
        int kept = sampler.plan(Signal.TRACES, request, decision);
        assert kept > 0;
        return sampler.build().length;
    }

    private static byte[] request() {
        Random random = new Random(3);
        ScopeSpans.Builder spans = ScopeSpans.newBuilder();
        for (int i = 0; i < SPANS; i++) {
            byte[] id = new byte[16];
            random.nextBytes(id);
            spans.addSpans(Span.newBuilder()
                    .setTraceId(ByteString.copyFrom(id))
                    .setSpanId(ByteString.copyFrom(id, 0, 8))
                    .setTraceState(i % 2 == 0 ? "" : "vendor=1,ot=th:4;x:y"));
        }
        return ExportTraceServiceRequest.newBuilder()
                .addResourceSpans(ResourceSpans.newBuilder().addScopeSpans(spans))
                .build()
                .toByteArray();
    }
}
