package dev.weir.enrich;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.weir.otlp.RequestType;
import dev.weir.otlp.TypicalRequests;
import dev.weir.pipeline.Ack;
import dev.weir.pipeline.Payload;
import dev.weir.pipeline.Refusal;
import dev.weir.pipeline.Sender;
import dev.weir.pipeline.Signal;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnrichAllocationTest {

    private static final int SPANS = 512;
    private static final int ROUNDS = 100;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final EnrichFixture fixture = EnrichFixture.of();
    private final Sender sender = new Sender(Sender.Protocol.GRPC, null, "peer:1", 1);
    private int length;

    @Test
    void shouldAllocateNothingPerSpanThatStaysAsItIs() {
        byte[] request = TypicalRequests.of(RequestType.TRACES, SPANS).toByteArray();

        assertThat(allocatedPerRequest(request)).isLessThan(2 * SPANS);
        assertThat(length).isEqualTo(request.length);
    }

    @Test
    void shouldAllocateNothingPerSpanButWhatGoesOn() {
        Span[] spans = new Span[SPANS];
        for (int i = 0; i < SPANS; i++) {
            spans[i] = MeshSpans.span(
                    "node_id", MeshSpans.node("cart-1", "shop", "10.1.2.3"),
                    "http.url", "http://orders/api?token=abc&page=" + i,
                    "http.method", "GET",
                    "http.status_code", "503",
                    "response_flags", "UF,URX",
                    "mesh.client.principal", "forged",
                    "upstream_cluster", "outbound|80||orders.shop.svc.cluster.local");
        }

        long allocated = allocatedPerRequest(MeshSpans.envoy(spans).toByteArray());

        assertThat(allocated - length).isLessThan(8 * SPANS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"attributes.span.set.big", "attributes.resource.set.big"})
    void shouldPlanLittleMoreThanARequestMayBecome(String property) {
        EnrichFixture adding = EnrichFixture.of(property, "x".repeat(50_000));
        ExportTraceServiceRequest.Builder many = ExportTraceServiceRequest.newBuilder();
        for (int i = 0; i < 10_000; i++) {
            many.mergeFrom(MeshSpans.sdk(MeshSpans.resource("n", "" + i), MeshSpans.span()));
        }
        byte[] request = many.build().toByteArray();

        long before = threads.getCurrentThreadAllocatedBytes();
        Payload passed = adding.send(Signal.TRACES, request);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        assertThat(passed).isNull();
        assertThat(adding.answers).containsExactly("too_large");
        assertThat(allocated)
                .as("bytes, of the 500 MB that it would become")
                .isLessThan(6 * (4L * request.length + (4 << 20)));
    }

    private long allocatedPerRequest(byte[] request) {
        for (int i = 0; i < 30; i++) {
            send(request);
        }
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < ROUNDS; i++) {
            send(request);
        }
        return (threads.getCurrentThreadAllocatedBytes() - before) / ROUNDS;
    }

    private void send(byte[] request) {
        fixture.stage.accept(new Payload(Signal.TRACES, request, SPANS, sender, 0, new Ack() {
            @Override
            protected void onAccepted() {}

            @Override
            protected void onRefused(Refusal why) {
                throw new AssertionError(why.message());
            }
        }));
        length = fixture.passedOn.getLast().bytes().length;
        fixture.passedOn.clear();
    }
}
