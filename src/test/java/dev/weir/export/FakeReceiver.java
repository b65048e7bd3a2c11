package dev.weir.export;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.FreePorts;
import dev.weir.pipeline.Signal;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A destination on the loopback that answers by script and remembers what it was sent. */
abstract class FakeReceiver implements AutoCloseable {

    /** @param headers lower-case names */
    record Request(Signal signal, byte[] bytes, Map<String, String> headers, int number) {
        List<Long> spans() {
            return spansOf(bytes);
        }
    }

    /** What the receiver does with a request. */
    sealed interface Reply {
        record Ok() implements Reply {}

        record Partial(long rejected, String message) implements Reply {}

        /** UNAVAILABLE or 503; seconds below 0 for none. */
        record Retryable(int afterSeconds) implements Reply {}

        record Permanent(String message) implements Reply {}

        record TooLarge() implements Reply {}

        record Hang() implements Reply {}

        record Reset() implements Reply {}

        /** A gRPC code's number or an HTTP status. */
        record Code(int code) implements Reply {}
    }

    static final Reply OK = new Reply.Ok();

    private final List<Request> taken = new CopyOnWriteArrayList<>();
    private final List<Request> all = new CopyOnWriteArrayList<>();
    private volatile Function<Request, Reply> script = request -> OK;

    abstract String protocol();

    abstract int port();

    abstract void closeServer();

    /** On the same port. */
    abstract void start();

    final void stop() {
        closeServer();
        FreePorts.awaitFree(port());
    }

    String endpoint() {
        return "http://127.0.0.1:" + port();
    }

    void answer(Function<Request, Reply> newScript) {
        script = newScript;
    }

    Reply received(Signal signal, byte[] bytes, Map<String, String> headers) {
        Request request;
        synchronized (all) {
            request = new Request(signal, bytes, headers, all.size());
            all.add(request);
        }
        Reply reply = script.apply(request);
        if (reply instanceof Reply.Ok || reply instanceof Reply.Partial) {
            taken.add(request);
        }
        return reply;
    }

    /** Every request, in the order they came. */
    List<Request> requests() {
        return all;
    }

    /** Numbers of the spans of all requests that were answered with success. */
    List<Long> spansTaken() {
        List<Long> spans = new ArrayList<>();
        taken.forEach(request -> spans.addAll(request.spans()));
        return spans;
    }

    Set<Long> distinctSpansTaken() {
        return new HashSet<>(spansTaken());
    }

    @Override
    public void close() {
        stop();
    }

    /** A request of so many spans, numbered from {@code first} on in their ids. */
    static byte[] spans(long first, int count) {
        ScopeSpans.Builder scope = ScopeSpans.newBuilder()
                .setScope(InstrumentationScope.newBuilder().setName("test"));
        for (long i = first; i < first + count; i++) {
            byte[] id = ByteBuffer.allocate(8).putLong(i + 1).array();
            scope.addSpans(Span.newBuilder()
                    .setName("GET /")
                    .setTraceId(ByteString.copyFrom(id).concat(ByteString.copyFrom(id)))
                    .setSpanId(ByteString.copyFrom(id)));
        }
        return ExportTraceServiceRequest.newBuilder()
                .addResourceSpans(ResourceSpans.newBuilder().addScopeSpans(scope))
                .build()
                .toByteArray();
    }

    private static List<Long> spansOf(byte[] bytes) {
        List<Long> numbers = new ArrayList<>();
        try {
            ExportTraceServiceRequest.parseFrom(bytes)
                    .getResourceSpansList()
                    .forEach(r -> r.getScopeSpansList()
                            .forEach(s -> s.getSpansList()
                                    .forEach(span -> numbers.add(span.getSpanId()
                                                    .asReadOnlyByteBuffer()
                                                    .getLong()
                                            - 1))));
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError("not a request", e);
        }
        return numbers;
    }

    /** A valid request without content, for the other signals. */
    static byte[] empty(Signal signal) {
        return switch (signal) {
            case TRACES -> ExportTraceServiceRequest.getDefaultInstance().toByteArray();
            case METRICS -> ExportMetricsServiceRequest.getDefaultInstance().toByteArray();
            case LOGS -> ExportLogsServiceRequest.getDefaultInstance().toByteArray();
        };
    }
}
