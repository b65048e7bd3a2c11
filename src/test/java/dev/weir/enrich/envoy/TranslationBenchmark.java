package dev.weir.enrich.envoy;

import dev.weir.otlp.AttributeKeys;
import dev.weir.otlp.AttributeSlots;
import dev.weir.otlp.AttributeView;
import dev.weir.otlp.AttributeWriter;
import dev.weir.otlp.ViewBenchmark;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Setup;

/** Nanoseconds for a span of Envoy's with its twenty tags or so: read by the view, its tags found, and translated. */
public class TranslationBenchmark extends ViewBenchmark {

    private final EnvoyDialect dialect = new EnvoyDialect(false, false);
    private final AttributeKeys keys = new AttributeKeys(dialect.keys());
    private final AttributeSlots slots = new AttributeSlots(keys);
    private final AttributeWriter out = new AttributeWriter();
    private final Translation translation = dialect.translation(keys);

    @Setup
    public void prepare() {
        fill(number -> {
            List<Span> spans = new ArrayList<>();
            for (int i = 0; i < SPANS; i++) {
                spans.add(
                        (i + number & 1) == 0
                                ? EnvoySpans.inbound().span()
                                : EnvoySpans.outbound().span());
            }
            return TranslatedSpan.request(spans);
        });
    }

    @Benchmark
    @OperationsPerInvocation(SPANS)
    public long slots() {
        long sum = 0;
        byte[] request = nextRequest();
        view.reset(request);
        while (view.next()) {
            sum += find(request);
        }
        return sum;
    }

    @Benchmark
    @OperationsPerInvocation(SPANS)
    public long translate() {
        long sum = 0;
        byte[] request = nextRequest();
        view.reset(request);
        while (view.next()) {
            sum += find(request);
            translation.translate(request, slots, out.clear(AttributeView.OF_SPAN), (from, to) -> {});
            sum += out.length();
        }
        return sum;
    }

    private int find(byte[] request) {
        int found = 0;
        slots.reset(request, view.spanStart(), view.spanEnd(), AttributeView.OF_SPAN);
        while (slots.next()) {
            found++;
        }
        return found;
    }
}
