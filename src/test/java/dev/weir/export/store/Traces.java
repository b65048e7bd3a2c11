package dev.weir.export.store;

import com.google.protobuf.ByteString;
import dev.weir.otlp.RequestBytes;
import dev.weir.pipeline.Batch;
import dev.weir.pipeline.Deadline;
import dev.weir.pipeline.Destination;
import dev.weir.pipeline.Ledger;
import dev.weir.pipeline.Signal;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;

/** Requests for the store's tests. */
final class Traces {

    static final long SECOND = 1_000_000_000L;

    private Traces() {}

    static ExportTraceServiceRequest request(ResourceSpans... resourceSpans) {
        return ExportTraceServiceRequest.newBuilder()
                .addAllResourceSpans(List.of(resourceSpans))
                .build();
    }

    static ResourceSpans of(String service, Span... spans) {
        return ResourceSpans.newBuilder()
                .setResource(Resource.newBuilder()
                        .addAttributes(string("service.name", service))
                        .addAttributes(string("host", "host-of-" + service)))
                .setSchemaUrl("https://example.org/resource")
                .addScopeSpans(ScopeSpans.newBuilder()
                        .setScope(InstrumentationScope.newBuilder().setName("tests"))
                        .setSchemaUrl("https://example.org/scope")
                        .addAllSpans(List.of(spans)))
                .build();
    }

    static Span.Builder span(long trace, long span, String name) {
        return Span.newBuilder()
                .setTraceId(traceId(trace))
                .setSpanId(
                        ByteString.copyFrom(ByteBuffer.allocate(8).putLong(span).flip()))
                .setName(name)
                .setStartTimeUnixNano(1_700_000_000L * SECOND + trace * SECOND)
                .setEndTimeUnixNano(1_700_000_000L * SECOND + trace * SECOND + SECOND / 2);
    }

    static Status status(Query.Status status) {
        return Status.newBuilder().setCodeValue(status.ordinal()).build();
    }

    static ByteString traceId(long trace) {
        return ByteString.copyFrom(
                ByteBuffer.allocate(16).putLong(trace * 31).putLong(trace).flip());
    }

    static String hex(long trace) {
        return "%016x%016x".formatted(trace * 31, trace);
    }

    static KeyValue string(String key, String value) {
        return attribute(key, AnyValue.newBuilder().setStringValue(value).build());
    }

    static KeyValue number(String key, long value) {
        return attribute(key, AnyValue.newBuilder().setIntValue(value).build());
    }

    static KeyValue attribute(String key, AnyValue value) {
        return KeyValue.newBuilder().setKey(key).setValue(value).build();
    }

    /** A store whose queue has room for whatever a test sends. */
    static TraceStore store(long maxBytes, Ledger ledger) {
        return new TraceStore(maxBytes, 1 << 30, Destination.WhenFull.REFUSE, ledger);
    }

    /** Announces the request's spans, hands it over and waits until they are stored. */
    static void send(TraceStore store, ExportTraceServiceRequest request) {
        int items = items(request);
        byte[] bytes = request.toByteArray();
        store.tryReserve(Signal.TRACES, items, bytes.length);
        store.enqueue(
                new Batch(Signal.TRACES, RequestBytes.of(bytes), items, System.nanoTime(), 1, () -> {}), bytes.length);
        store.drain(Deadline.in(Duration.ofSeconds(10)));
    }

    static int items(ExportTraceServiceRequest request) {
        return request.getResourceSpansList().stream()
                .flatMap(resource -> resource.getScopeSpansList().stream())
                .mapToInt(ScopeSpans::getSpansCount)
                .sum();
    }
}
