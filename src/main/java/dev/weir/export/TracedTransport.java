package dev.weir.export;

import dev.weir.otlp.RequestBytes;
import dev.weir.pipeline.Signal;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** One span of Weir's own for each request. It is never made current, so nothing of it goes to the destination. */
final class TracedTransport implements Transport {

    private final Transport transport;
    private final Tracer tracer;
    private final String destination;

    TracedTransport(Transport transport, Tracer tracer, String destination) {
        this.transport = transport;
        this.tracer = tracer;
        this.destination = destination;
    }

    @Override
    public Call send(Signal signal, RequestBytes bytes, int items, Consumer<Outcome> done) {
        Span span = tracer.spanBuilder("export " + destination)
                .setNoParent()
                .setSpanKind(SpanKind.CLIENT)
                .setAttribute("destination", destination)
                .setAttribute("signal", signal.label())
                .setAttribute("items", items)
                .setAttribute("bytes", bytes.length())
                .startSpan();
        AtomicBoolean ended = new AtomicBoolean();
        Call call = transport.send(signal, bytes, items, outcome -> {
            try {
                if (ended.compareAndSet(false, true)) {
                    span.setAttribute("outcome", outcome.label());
                    if (!(outcome instanceof Outcome.Taken)) {
                        span.setStatus(StatusCode.ERROR, Progress.oneLine(outcome.message()));
                    }
                    span.end();
                }
            } finally { // whatever becomes of the span, the request must be settled
                done.accept(outcome);
            }
        });
        return () -> {
            if (ended.compareAndSet(false, true)) {
                span.setAttribute("outcome", "given_up").end();
            }
            call.cancel();
        };
    }

    @Override
    public void close() {
        transport.close();
    }
}
