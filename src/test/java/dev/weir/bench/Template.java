package dev.weir.bench;

import com.google.protobuf.ByteString;
import dev.weir.it.EnvoyTraffic;
import dev.weir.it.Samples;
import dev.weir.pipeline.Signal;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.metrics.v1.Sum;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * An encoded request, and where in it the ids and times of each item lie. An offset of -1: the item has none.
 *
 * <p>They are found by marks that are put there when it is made: eight bytes, of which the first four say what it is and
 * the others whose.
 */
record Template(
        Signal signal,
        byte[] bytes,
        int items,
        int[] traceAt,
        int[] spanAt,
        int[] parentAt,
        int[] startAt,
        int[] endAt) {

    private static final int KIND = 0x7EAC_E1D0;
    private static final int TRACE = 0;
    private static final int SPAN = 1;
    private static final int PARENT = 2;
    private static final int START = 3;
    private static final int END = 4;

    /** 410-byte spans with nine attributes; {@code isRoot} says by its place which has no parent. */
    static Template sdkSpans(String service, int items, IntPredicate isRoot) {
        return spans(Samples.spans(service, items), isRoot);
    }

    /** 930-byte spans with an Envoy's tags. */
    static Template envoySpans(int items, IntPredicate isRoot) {
        return spans(EnvoyTraffic.request(items), isRoot);
    }

    private static Template spans(ExportTraceServiceRequest sample, IntPredicate isRoot) {
        ExportTraceServiceRequest.Builder request = sample.toBuilder();
        List<Span.Builder> spans =
                request.getResourceSpansBuilder(0).getScopeSpansBuilder(0).getSpansBuilderList();
        for (int i = 0; i < spans.size(); i++) {
            Span.Builder span = spans.get(i)
                    .setTraceId(bytes(mark(TRACE, i), 0))
                    .setSpanId(bytes(mark(SPAN, i)))
                    .setParentSpanId(bytes(mark(PARENT, i)))
                    .setStartTimeUnixNano(mark(START, i))
                    .setEndTimeUnixNano(mark(END, i));
            if (isRoot.test(i)) {
                span.clearParentSpanId();
            }
        }
        return of(Signal.TRACES, request.build().toByteArray(), spans.size());
    }

    /** Log records with a body of 100 bytes, a trace and four attributes. */
    static Template logs(int items) {
        ExportLogsServiceRequest.Builder request = Samples.logs("bench", items).toBuilder();
        List<LogRecord.Builder> records =
                request.getResourceLogsBuilder(0).getScopeLogsBuilder(0).getLogRecordsBuilderList();
        for (int i = 0; i < items; i++) {
            LogRecord.Builder record = records.get(i);
            record.getBodyBuilder()
                    .setStringValue("Checked the stock of item 12345 in the warehouse at Rotterdam: 17 left, 3 of them "
                            + "promised to orders");
            record.addAttributes(Samples.attribute("code.function.name", "com.example.shop.stock.StockService.check"))
                    .addAttributes(Samples.attribute("thread.name", "http-nio-8080-exec-7"))
                    .addAttributes(Samples.attribute("log.logger", "com.example.shop.stock.StockService"))
                    .setTraceId(bytes(mark(TRACE, i), 0))
                    .setSpanId(bytes(mark(SPAN, i)))
                    .setTimeUnixNano(mark(START, i))
                    .setObservedTimeUnixNano(mark(END, i));
        }
        return of(Signal.LOGS, request.build().toByteArray(), items);
    }

    /** Sums of five data points with five attributes each; the value of a point is its id. */
    static Template metrics(int items) {
        Resource.Builder resource = Resource.newBuilder()
                .addAttributes(Samples.attribute("service.name", "bench"))
                .addAttributes(Samples.attribute("host.name", "node-7"));
        ScopeMetrics.Builder scope = ScopeMetrics.newBuilder();
        for (int i = 0; i < items; ) {
            Sum.Builder sum = Sum.newBuilder()
                    .setIsMonotonic(true)
                    .setAggregationTemporality(AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE);
            for (int p = 0; p < 5 && i < items; p++, i++) {
                sum.addDataPoints(NumberDataPoint.newBuilder()
                        .setStartTimeUnixNano(mark(START, i))
                        .setTimeUnixNano(mark(END, i))
                        .setAsInt(mark(SPAN, i))
                        .addAttributes(Samples.attribute("http.request.method", "GET"))
                        .addAttributes(Samples.attribute("http.route", "/items/{id}/" + p))
                        .addAttributes(Samples.attribute("http.response.status_code", "200"))
                        .addAttributes(Samples.attribute("server.address", "items.shop.svc.cluster.local"))
                        .addAttributes(Samples.attribute("network.protocol.version", "1.1")));
            }
            scope.addMetrics(Metric.newBuilder()
                    .setName("http.server.request.count." + i)
                    .setUnit("{request}")
                    .setSum(sum));
        }
        byte[] bytes = ExportMetricsServiceRequest.newBuilder()
                .addResourceMetrics(
                        ResourceMetrics.newBuilder().setResource(resource).addScopeMetrics(scope))
                .build()
                .toByteArray();
        return of(Signal.METRICS, bytes, items);
    }

    private static Template of(Signal signal, byte[] bytes, int items) {
        int[][] at = new int[END + 1][items];
        for (int[] offsets : at) {
            Arrays.fill(offsets, -1);
        }
        ByteBuffer search = ByteBuffer.wrap(bytes);
        for (int p = 0; p + 8 <= bytes.length; p++) {
            long found = search.getLong(p);
            if (!isMark(found)) {
                found = Long.reverseBytes(found);
            }
            if (isMark(found) && (int) found < items) {
                at[(int) (found >>> 32) - KIND][(int) found] = p;
            }
        }
        return new Template(signal, bytes, items, at[TRACE], at[SPAN], at[PARENT], at[START], at[END]);
    }

    private static long mark(int kind, int item) {
        return (long) (KIND + kind) << 32 | item;
    }

    private static boolean isMark(long value) {
        int kind = (int) (value >>> 32) - KIND;
        return kind >= 0 && kind <= END && (int) value >= 0;
    }

    private static ByteString bytes(long... values) {
        ByteBuffer bytes = ByteBuffer.allocate(8 * values.length);
        for (long value : values) {
            bytes.putLong(value);
        }
        return ByteString.copyFrom(bytes.flip());
    }
}
