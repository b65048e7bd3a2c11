package dev.weir.receive;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.zip.GZIPOutputStream;

/** Small OTLP requests and what compresses them. */
final class Requests {

    private Requests() {}

    static byte[] spans(int count) {
        return spans(count, 0);
    }

    /** So many good spans, and so many whose trace id is all zero. */
    static byte[] spans(int good, int bad) {
        ScopeSpans.Builder scope = ScopeSpans.newBuilder();
        for (int i = 0; i < good + bad; i++) {
            scope.addSpans(Span.newBuilder()
                    .setTraceId(ByteString.copyFrom(id(16, i < good ? i + 1 : 0)))
                    .setSpanId(ByteString.copyFrom(id(8, i + 1)))
                    .setName("GET /orders")
                    .setStartTimeUnixNano(1)
                    .setEndTimeUnixNano(2));
        }
        return trace(scope).toByteArray();
    }

    /** One span that is about so many bytes long and compresses well. */
    static byte[] bigSpan(int bytes) {
        return trace(ScopeSpans.newBuilder()
                        .addSpans(Span.newBuilder()
                                .setTraceId(ByteString.copyFrom(id(16, 1)))
                                .setSpanId(ByteString.copyFrom(id(8, 1)))
                                .addAttributes(KeyValue.newBuilder()
                                        .setKey("k")
                                        .setValue(AnyValue.newBuilder().setStringValue("a".repeat(bytes))))))
                .toByteArray();
    }

    static byte[] dataPoint() {
        ExportMetricsServiceRequest.Builder request = ExportMetricsServiceRequest.newBuilder();
        request.addResourceMetricsBuilder()
                .addScopeMetricsBuilder()
                .addMetrics(Metric.newBuilder()
                        .setName("m")
                        .setGauge(Gauge.newBuilder()
                                .addDataPoints(NumberDataPoint.newBuilder().setAsInt(1))));
        return request.build().toByteArray();
    }

    static byte[] logRecord() {
        ExportLogsServiceRequest.Builder request = ExportLogsServiceRequest.newBuilder();
        request.addResourceLogsBuilder()
                .addScopeLogsBuilder()
                .addLogRecords(LogRecord.newBuilder().setSeverityText("INFO"));
        return request.build().toByteArray();
    }

    static String json() {
        return """
                {"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"0102030405060708090a0b0c0d0e0f10",
                "spanId":"0102030405060708","name":"GET"}]}]}]}""";
    }

    static byte[] gzip(byte[] bytes) {
        return through(bytes, GZIPOutputStream::new);
    }

    static byte[] through(byte[] bytes, Compressor compressor) {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (OutputStream out = compressor.on(compressed)) {
            out.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return compressed.toByteArray();
    }

    interface Compressor {
        OutputStream on(OutputStream out) throws IOException;
    }

    private static ExportTraceServiceRequest trace(ScopeSpans.Builder scope) {
        ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
        request.addResourceSpansBuilder().addScopeSpans(scope);
        return request.build();
    }

    private static byte[] id(int length, int number) {
        byte[] id = new byte[length];
        id[length - 1] = (byte) number;
        id[length - 2] = (byte) (number >> 8);
        return id;
    }
}
