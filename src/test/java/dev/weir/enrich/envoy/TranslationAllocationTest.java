package dev.weir.enrich.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.weir.otlp.AttributeKeys;
import dev.weir.otlp.AttributeSlots;
import dev.weir.otlp.AttributeView;
import dev.weir.otlp.AttributeWriter;
import dev.weir.otlp.TraceView;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

class TranslationAllocationTest {

    private static final int ROUNDS = 20_000;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final EnvoyDialect dialect = new EnvoyDialect(true, false);
    private final AttributeKeys keys = new AttributeKeys(dialect.keys());
    private final Translation translation = dialect.translation(keys);
    private final AttributeSlots slots = new AttributeSlots(keys);
    private final AttributeWriter out = new AttributeWriter();
    private final TraceView view = new TraceView();
    private long sum;

    @Test
    void shouldAllocateNothingPerSpan() {
        byte[] request = TranslatedSpan.request(List.of(
                EnvoySpans.outbound().span(),
                EnvoySpans.inbound().span(),
                EnvoySpans.attempt().span()));
        Cuts cuts = (from, to) -> sum += to - from;
        for (int i = 0; i < ROUNDS; i++) {
            translate(request, cuts);
        }

        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < ROUNDS; i++) {
            translate(request, cuts);
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        assertThat(sum).isPositive();
        assertThat(allocated).as("bytes for %d spans", 3 * ROUNDS).isLessThan(ROUNDS / 10);
    }

    private void translate(byte[] request, Cuts cuts) {
        view.reset(request);
        while (view.next()) {
            slots.reset(request, view.spanStart(), view.spanEnd(), AttributeView.OF_SPAN);
            while (slots.next()) {
                // each is noted
            }
            translation.translate(request, slots, out.clear(AttributeView.OF_SPAN), cuts);
            sum += out.length();
        }
    }
}
