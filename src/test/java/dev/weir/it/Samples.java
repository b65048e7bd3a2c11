package dev.weir.it;

import com.google.protobuf.ByteString;
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
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Histogram;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
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
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Requests of each signal; every span and log record of a run of the tests has ids of its own. */
public final class Samples {

    private static final AtomicLong NEXT = new AtomicLong(System.nanoTime() << 16);
    private static final InstrumentationScope SCOPE =
            InstrumentationScope.newBuilder().setName("weir.it").setVersion("1").build();

    private Samples() {}

    /** Spans in traces of ten spans each, 410 bytes a span with nine attributes. */
    public static ExportTraceServiceRequest spans(String service, int count) {
        ScopeSpans.Builder scope = ScopeSpans.newBuilder().setScope(SCOPE);
        ByteString trace = ByteString.EMPTY;
        for (int i = 0; i < count; i++) {
            if (i % 10 == 0) {
                trace = traceId();
            }
            scope.addSpans(span(trace, "GET /items/" + i));
        }
        return ExportTraceServiceRequest.newBuilder()
                .addResourceSpans(ResourceSpans.newBuilder()
                        .setResource(resource(service))
                        .addScopeSpans(scope))
                .build();
    }

    static ByteString traceId() {
        return ByteString.copyFrom(ByteBuffer.allocate(16)
                .putLong(NEXT.incrementAndGet() * 0x9E3779B97F4A7C15L)
                .putLong(NEXT.incrementAndGet())
                .flip());
    }

    /** A sum, a gauge and a histogram, one data point each, stamped with the present. */
    static ExportMetricsServiceRequest metrics(String service, long sum, double gauge, List<Long> buckets) {
        long now = System.currentTimeMillis() * 1_000_000;
        long start = now - 60_000_000_000L;
        long observed = buckets.stream().mapToLong(Long::longValue).sum();
        ScopeMetrics.Builder scope = ScopeMetrics.newBuilder()
                .setScope(SCOPE)
                .addMetrics(Metric.newBuilder()
                        .setName("it.requests")
                        .setSum(Sum.newBuilder()
                                .setIsMonotonic(true)
                                .setAggregationTemporality(AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE)
                                .addDataPoints(NumberDataPoint.newBuilder()
                                        .setStartTimeUnixNano(start)
                                        .setTimeUnixNano(now)
                                        .setAsInt(sum)
                                        .addAttributes(attribute("route", "/items")))))
                .addMetrics(Metric.newBuilder()
                        .setName("it.temperature")
                        .setGauge(Gauge.newBuilder()
                                .addDataPoints(NumberDataPoint.newBuilder()
                                        .setTimeUnixNano(now)
                                        .setAsDouble(gauge))))
                .addMetrics(Metric.newBuilder()
                        .setName("it.duration")
                        .setHistogram(Histogram.newBuilder()
                                .setAggregationTemporality(AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE)
                                .addDataPoints(HistogramDataPoint.newBuilder()
                                        .setStartTimeUnixNano(start)
                                        .setTimeUnixNano(now)
                                        .setCount(observed)
                                        .setSum(observed * 1.5)
                                        .addAllExplicitBounds(List.of(1.0, 2.0))
                                        .addAllBucketCounts(buckets))));
        return ExportMetricsServiceRequest.newBuilder()
                .addResourceMetrics(ResourceMetrics.newBuilder()
                        .setResource(resource(service))
                        .addScopeMetrics(scope))
                .build();
    }

    public static ExportLogsServiceRequest logs(String service, int count) {
        ScopeLogs.Builder scope = ScopeLogs.newBuilder().setScope(SCOPE);
        long now = System.currentTimeMillis() * 1_000_000;
        for (int i = 0; i < count; i++) {
            scope.addLogRecords(LogRecord.newBuilder()
                    .setTimeUnixNano(now + i)
                    .setObservedTimeUnixNano(now + i)
                    .setSeverityNumber(SeverityNumber.SEVERITY_NUMBER_INFO)
                    .setSeverityText("INFO")
                    .setBody(AnyValue.newBuilder().setStringValue("item " + NEXT.incrementAndGet()))
                    .addAttributes(attribute("thread", "main"))
                    .setTraceId(traceId())
                    .setSpanId(spanId()));
        }
        return ExportLogsServiceRequest.newBuilder()
                .addResourceLogs(
                        ResourceLogs.newBuilder().setResource(resource(service)).addScopeLogs(scope))
                .build();
    }

    public static KeyValue attribute(String key, String value) {
        return KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setStringValue(value))
                .build();
    }

    private static Span span(ByteString trace, String name) {
        long now = System.currentTimeMillis() * 1_000_000;
        return Span.newBuilder()
                .setTraceId(trace)
                .setSpanId(spanId())
                .setParentSpanId(spanId())
                .setName(name)
                .setKind(Span.SpanKind.SPAN_KIND_SERVER)
                .setStartTimeUnixNano(now - 5_000_000)
                .setEndTimeUnixNano(now)
                .addAttributes(attribute("http.request.method", "GET"))
                .addAttributes(attribute("url.scheme", "http"))
                .addAttributes(attribute("url.path", name.substring(4)))
                .addAttributes(attribute("server.address", "items.shop.svc.cluster.local"))
                .addAttributes(attribute("network.peer.address", "10.244.17.3"))
                .addAttributes(attribute("user_agent.original", "Mozilla/5.0 (X11; Linux x86_64)"))
                .addAttributes(attribute("http.route", "/items/{id}"))
                .addAttributes(attribute("network.protocol.version", "1.1"))
                .addAttributes(KeyValue.newBuilder()
                        .setKey("http.response.status_code")
                        .setValue(AnyValue.newBuilder().setIntValue(200)))
                .setStatus(Status.newBuilder().setCode(Status.StatusCode.STATUS_CODE_OK))
                .build();
    }

    private static ByteString spanId() {
        return ByteString.copyFrom(
                ByteBuffer.allocate(8).putLong(NEXT.incrementAndGet()).flip());
    }

    private static Resource resource(String service) {
        return Resource.newBuilder()
                .addAttributes(attribute("service.name", service))
                .addAttributes(attribute("host.name", "node-7"))
                .build();
    }
}
