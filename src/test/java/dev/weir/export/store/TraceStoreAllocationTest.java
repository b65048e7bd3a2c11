package dev.weir.export.store;

import static dev.weir.export.store.Traces.number;
import static dev.weir.export.store.Traces.of;
import static dev.weir.export.store.Traces.request;
import static dev.weir.export.store.Traces.span;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.opentelemetry.proto.trace.v1.Span;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TraceStoreAllocationTest {

    private static final int SPANS = 512;
    private static final int REQUESTS = 200;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final Segments segments = new Segments(4 << 20);
    private final SpanIndexer indexer = new SpanIndexer(segments);

    @Test
    void shouldAllocateHardlyAnythingOnceItIsFull() {
        // Given a store that is full, each span in it a trace of its own
        List<byte[]> requests = requests();
        requests.forEach(indexer::add);
        long evicted = segments.evictedTraces();
        assertThat(evicted).isPositive();

        // When
        long before = threads.getCurrentThreadAllocatedBytes();
        requests.forEach(indexer::add);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        // Then a resource and scope are copied once a request and segment, and nothing else
        assertThat(segments.evictedTraces() - evicted).isGreaterThan(REQUESTS * SPANS / 2);
        assertThat(allocated / (REQUESTS * SPANS)).as("bytes a span").isLessThan(8);
    }

    private static List<byte[]> requests() {
        List<byte[]> requests = new ArrayList<>();
        for (int r = 0; r < REQUESTS; r++) {
            Span[] spans = new Span[SPANS];
            for (int s = 0; s < SPANS; s++) {
                long id = 1L + r * SPANS + s;
                spans[s] = span(id, id, "GET /items")
                        .addAttributes(number("http.response.status_code", 200))
                        .build();
            }
            requests.add(request(of("shop", spans)).toByteArray());
        }
        return requests;
    }
}
