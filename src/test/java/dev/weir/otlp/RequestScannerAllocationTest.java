package dev.weir.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class RequestScannerAllocationTest {

    private static final int SPANS = 512;
    private static final int ROUNDS = 200;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final RequestScanner scanner = new RequestScanner();
    private final TraceView view = new TraceView();
    private final EventView events = new EventView();
    private final LinkView links = new LinkView();
    private final AttributeView attributes = new AttributeView();
    private long sum;

    @Test
    void shouldAllocateNothingPerSpan() throws OtlpFormatException {
        byte[] request = SampleSpans.request(SPANS, 1);
        byte[] reversed = GeneratedRequests.reversed(
                request, GeneratedRequests.prototype(RequestType.TRACES).getDescriptorForType());
        byte[] code = "http.response.status_code".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        for (int i = 0; i < 50; i++) {
            round(request, reversed, code);
        }

        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < ROUNDS; i++) {
            round(request, reversed, code);
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        assertThat(sum).isPositive();
        assertThat(allocated).as("bytes for %d spans", ROUNDS * 2 * SPANS).isLessThan(ROUNDS * SPANS / 10);
    }

    private void round(byte[] request, byte[] reversed, byte[] code) throws OtlpFormatException {
        sum += scanner.scan(RequestType.TRACES, request);
        sum += scanner.scan(RequestType.TRACES, reversed);
        view.reset(request);
        while (view.next()) {
            sum += view.span().kind();
            attributes.reset(request, view.spanStart(), view.spanEnd(), AttributeView.OF_SPAN);
            while (attributes.next()) {
                if (attributes.keyEquals(code)) {
                    sum += attributes.longValue();
                }
            }
            events.reset(view);
            while (events.next()) {
                sum += events.nameEnd() - events.nameStart();
            }
            links.reset(view);
            while (links.next()) {
                sum += links.spanId() & 1;
            }
        }
    }
}
