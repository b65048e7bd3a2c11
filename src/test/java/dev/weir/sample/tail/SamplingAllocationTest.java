package dev.weir.sample.tail;

import static dev.weir.sample.tail.TailFixture.attribute;
import static dev.weir.sample.tail.TailFixture.span;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.opentelemetry.proto.trace.v1.Span;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SamplingAllocationTest {

    private static final int SPANS = 512;
    private static final int SPANS_OF_TRACE = 8;
    private static final int WARM_UP = 150;
    private static final int MEASURED = 100;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void shouldAllocateNothingPerSpan() {
        String policies = """
                - { name: errors, status: [error] }
                - { name: slow, latency: { at-least: 5s } }
                - { name: pay, string: { key: route, values: [/pay] } }
                """;
        List<byte[]> requests = new ArrayList<>();
        for (int r = 0; r < WARM_UP + MEASURED; r++) {
            requests.add(request(r));
        }
        long allocated = 0;
        try (TailFixture tail = new TailFixture(policies, TailFixture.settings(3, 3), 64 << 20, 4)) {
            for (int r = 0; r < requests.size(); r++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                tail.send(requests.get(r), SPANS);
                allocated += r < WARM_UP ? 0 : threads.getCurrentThreadAllocatedBytes() - before;
                if (r % 10 == 0) {
                    tail.tick(1);
                }
            }
            assertThat(tail.held()).isPositive();
        }

        // objects for a request, a slab or a chunk are allowed: less than two bytes a span
        assertThat(allocated).as("bytes for %d spans", MEASURED * SPANS).isLessThan(2L * MEASURED * SPANS);
    }

    private static byte[] request(int number) {
        List<Span> spans = new ArrayList<>();
        for (int i = 0; i < SPANS; i++) {
            spans.add(span(number, i / SPANS_OF_TRACE, i + 1)
                    .setTraceState(i % 2 == 0 ? "" : "ot=rv:" + "f".repeat(14))
                    .addAttributes(attribute("route", "/route/" + i))
                    .addAttributes(attribute("http.request.method", "GET"))
                    .build());
        }
        return TailFixture.request("shop", spans);
    }
}
