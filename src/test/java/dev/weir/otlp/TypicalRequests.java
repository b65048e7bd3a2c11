package dev.weir.otlp;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.logs.v1.SeverityNumber;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.metrics.v1.Sum;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** What an SDK sends for HTTP: one resource, one scope, nine attributes an item. */
public final class TypicalRequests {

    private static final long NOW = 1_700_000_000_123_456_789L;

    private TypicalRequests() {}

    public static Message of(RequestType type, int items) {
        Random random = new Random(1);
        return switch (type) {
            case TRACES ->
                ExportTraceServiceRequest.newBuilder()
                        .addResourceSpans(ResourceSpans.newBuilder()
                                .setResource(resource())
                                .addScopeSpans(ScopeSpans.newBuilder()
                                        .setScope(scope())
                                        .addAllSpans(IntStream.range(0, items)
                                                .mapToObj(i -> span(random, i))
                                                .toList())))
                        .build();
            case METRICS ->
                ExportMetricsServiceRequest.newBuilder()
                        .addResourceMetrics(ResourceMetrics.newBuilder()
                                .setResource(resource())
                                .addScopeMetrics(ScopeMetrics.newBuilder()
                                        .setScope(scope())
                                        .addMetrics(Metric.newBuilder()
                                                .setName("http.server.requests")
                                                .setSum(Sum.newBuilder()
                                                        .setIsMonotonic(true)
                                                        .addAllDataPoints(IntStream.range(0, items)
                                                                .mapToObj(i -> point(random, i))
                                                                .toList())))))
                        .build();
            case LOGS ->
                ExportLogsServiceRequest.newBuilder()
                        .addResourceLogs(ResourceLogs.newBuilder()
                                .setResource(resource())
                                .addScopeLogs(ScopeLogs.newBuilder()
                                        .setScope(scope())
                                        .addAllLogRecords(IntStream.range(0, items)
                                                .mapToObj(i -> log(random, i))
                                                .toList())))
                        .build();
        };
    }

    private static Span span(Random random, int i) {
        return Span.newBuilder()
                .setTraceId(id(random, 16))
                .setSpanId(id(random, 8))
                .setParentSpanId(id(random, 8))
                .setName("GET /api/orders/{id}")
                .setKind(Span.SpanKind.SPAN_KIND_SERVER)
                .setStartTimeUnixNano(NOW + i)
                .setEndTimeUnixNano(NOW + i + 1_234_567)
                .setFlags(0x101)
                .addAllAttributes(attributes(i))
                .setStatus(Status.newBuilder())
                .build();
    }

    private static NumberDataPoint point(Random random, int i) {
        return NumberDataPoint.newBuilder()
                .setStartTimeUnixNano(NOW)
                .setTimeUnixNano(NOW + i)
                .setAsDouble(random.nextDouble() * 1000)
                .addAllAttributes(attributes(i))
                .build();
    }

    private static LogRecord log(Random random, int i) {
        return LogRecord.newBuilder()
                .setTimeUnixNano(NOW + i)
                .setObservedTimeUnixNano(NOW + i + 10)
                .setSeverityNumber(SeverityNumber.SEVERITY_NUMBER_INFO)
                .setSeverityText("INFO")
                .setBody(AnyValue.newBuilder().setStringValue("order " + i + " was \"accepted\" in 12 ms"))
                .setTraceId(id(random, 16))
                .setSpanId(id(random, 8))
                .addAllAttributes(attributes(i))
                .build();
    }

    private static List<KeyValue> attributes(int i) {
        return List.of(
                text("http.request.method", "GET"),
                text("url.path", "/api/orders/" + i),
                text("url.scheme", "http"),
                text("server.address", "orders.shop.svc.cluster.local"),
                integer("server.port", 8080),
                integer("http.response.status_code", 200),
                text("user_agent.original", "okhttp/4.12.0"),
                text("network.peer.address", "10.42.7." + i % 250),
                integer("network.peer.port", 40_000 + i));
    }

    private static Resource resource() {
        return Resource.newBuilder()
                .addAttributes(text("service.name", "orders"))
                .addAttributes(text("service.version", "1.4.2"))
                .addAttributes(text("k8s.pod.name", "orders-6d4b75cb6d-x2x7q"))
                .addAttributes(text("telemetry.sdk.language", "java"))
                .build();
    }

    private static InstrumentationScope scope() {
        return InstrumentationScope.newBuilder()
                .setName("io.opentelemetry.netty-4.1")
                .setVersion("2.10.0")
                .build();
    }

    private static KeyValue text(String key, String value) {
        return KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setStringValue(value))
                .build();
    }

    private static KeyValue integer(String key, long value) {
        return KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setIntValue(value))
                .build();
    }

    private static ByteString id(Random random, int length) {
        byte[] id = new byte[length];
        random.nextBytes(id);
        return ByteString.copyFrom(id);
    }
}
