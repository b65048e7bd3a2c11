package dev.weir.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.charset.StandardCharsets;

/** Requests around the one field that a test is about. */
final class JsonRequests {

    private JsonRequests() {}

    static Span span(String fields) throws Exception {
        return ExportTraceServiceRequest.parseFrom(transcode(spanJson(fields)))
                .getResourceSpans(0)
                .getScopeSpans(0)
                .getSpans(0);
    }

    static AnyValue any(String fields) throws Exception {
        return ExportTraceServiceRequest.parseFrom(transcode(anyJson(fields)))
                .getResourceSpans(0)
                .getScopeSpans(0)
                .getSpans(0)
                .getAttributes(0)
                .getValue();
    }

    static Metric metric(String fields) throws Exception {
        byte[] json = ("{\"resourceMetrics\":[{\"scopeMetrics\":[{\"metrics\":[{" + fields + "}]}]}]}")
                .getBytes(StandardCharsets.UTF_8);
        return ExportMetricsServiceRequest.parseFrom(
                        JsonToProtobuf.transcode(RequestType.METRICS, json, 0, json.length))
                .getResourceMetrics(0)
                .getScopeMetrics(0)
                .getMetrics(0);
    }

    static String spanJson(String fields) {
        return "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{" + fields + "}]}]}]}";
    }

    static String anyJson(String fields) {
        return spanJson("\"attributes\":[{\"key\":\"k\",\"value\":{" + fields + "}}]");
    }

    static byte[] transcode(String json) throws OtlpFormatException {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        return JsonToProtobuf.transcode(RequestType.TRACES, bytes, 0, bytes.length);
    }

    static void assertFault(String json, String message) {
        assertThat(fault(json.getBytes(StandardCharsets.UTF_8), Integer.MAX_VALUE))
                .hasMessageContaining(message);
    }

    static OtlpFormatException fault(byte[] json, int limit) {
        OtlpFormatException fault = catchThrowableOfType(
                OtlpFormatException.class,
                () -> JsonToProtobuf.transcode(RequestType.TRACES, json, 0, json.length, limit));
        assertThat(fault).isNotNull();
        return fault;
    }
}
