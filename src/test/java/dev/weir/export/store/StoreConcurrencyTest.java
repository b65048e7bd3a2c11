package dev.weir.export.store;

import static dev.weir.export.store.Traces.of;
import static dev.weir.export.store.Traces.request;
import static dev.weir.export.store.Traces.send;
import static dev.weir.export.store.Traces.span;
import static dev.weir.export.store.Traces.string;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.pipeline.Ledger;
import dev.weir.pipeline.Signal;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Writers and readers at once, while traces are evicted. */
final class StoreConcurrencyTest {

    private static final int WRITERS = 3;
    private static final int BATCHES = 2_000;

    @Test
    void shouldServeReadersWhileWritersPushTracesOut() throws Exception {
        // Given
        Ledger ledger = new Ledger();
        TraceStore store = Traces.store(300_000, ledger);
        AtomicLong next = new AtomicLong();
        AtomicBoolean done = new AtomicBoolean();
        AtomicLong readTraces = new AtomicLong();
        try (ExecutorService threads = Executors.newFixedThreadPool(WRITERS + 2)) {
            // When
            List<Future<?>> readers = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                readers.add(threads.submit(() -> {
                    while (!done.get()) {
                        read(store, readTraces);
                    }
                    return null;
                }));
            }
            List<Future<?>> writers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                writers.add(threads.submit(() -> {
                    for (int batch = 0; batch < BATCHES; batch++) {
                        long trace = 1 + next.getAndIncrement() / 2; // two batches a trace, often of two writers
                        send(store, request(of("shop", written(trace, trace * 10 + batch % 2))));
                    }
                }));
            }
            for (Future<?> writer : writers) {
                writer.get();
            }
            done.set(true);
            for (Future<?> reader : readers) {
                reader.get();
            }
        }

        // Then
        assertThat(readTraces).hasPositiveValue();
        assertThat(store.evictedTraces()).isPositive();
        assertThat(store.bytes()).isBetween(1L, store.maxBytes());
        assertThat(ledger.destination(TraceStore.NAME).read(Signal.TRACES).sent())
                .isEqualTo(WRITERS * BATCHES);
        assertThat(ledger.violations()).isEmpty();
    }

    private static void read(TraceStore store, AtomicLong readTraces) throws Exception {
        for (TraceSummary summary : store.search(new Query("shop", "a", null, null, List.of(), 50))) {
            assertThat(summary.services()).containsExactly("shop");
            assertThat(summary.spanCount()).isPositive();
            var bytes = store.trace(summary.traceId());
            if (bytes.isPresent()) {
                assertItIs(summary.traceId(), ExportTraceServiceRequest.parseFrom(bytes.get()));
                readTraces.incrementAndGet();
            }
        }
        store.services();
    }

    private static void assertItIs(String traceId, ExportTraceServiceRequest read) {
        assertThat(Traces.items(read)).isPositive();
        long trace = Long.parseUnsignedLong(traceId.substring(16), 16);
        for (ResourceSpans resource : read.getResourceSpansList()) {
            for (ScopeSpans in : resource.getScopeSpansList()) {
                for (Span span : in.getSpansList()) {
                    // whole, as its writer made it: nothing of another trace, and no part of its own missing
                    long id = span.getSpanId().asReadOnlyByteBuffer().getLong();
                    assertThat(id / 10).isEqualTo(trace);
                    assertThat(span).isEqualTo(written(trace, id));
                }
                assertThat(of("shop", in.getSpansList().toArray(Span[]::new))).isEqualTo(resource);
            }
        }
    }

    private static Span written(long trace, long span) {
        return span(trace, span, "a")
                .addAttributes(string("text", Long.toString(span).repeat((int) (span % 50))))
                .build();
    }
}
