package dev.weir.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What Jaeger's query API can tell of a span: kind, status, scope and resource are tags beside the attributes there, and times
 * are in microseconds. Made of what was sent, and of what came back; both are equal when nothing was lost or changed.
 *
 * @param parentId hex; empty for a root
 * @param tags each {@code type:value} by its key
 */
record JaegerSpan(
        String traceId,
        String spanId,
        String parentId,
        String name,
        String service,
        long startMicros,
        long durationMicros,
        SortedMap<String, String> tags) {

    static JaegerSpan sent(Resource resource, InstrumentationScope scope, Span span) {
        SortedMap<String, String> tags = new TreeMap<>();
        String service = "";
        for (KeyValue attribute : resource.getAttributesList()) {
            if (attribute.getKey().equals("service.name")) {
                service = attribute.getValue().getStringValue();
            } else {
                tags.put(attribute.getKey(), tag(attribute.getValue()));
            }
        }
        span.getAttributesList().forEach(attribute -> tags.put(attribute.getKey(), tag(attribute.getValue())));
        tags.put("otel.scope.name", "string:" + scope.getName());
        tags.put("otel.scope.version", "string:" + scope.getVersion());
        tags.put("span.kind", "string:" + span.getKind().name().substring(10).toLowerCase(Locale.ROOT));
        StatusCode status = span.getStatus().getCode();
        if (status != StatusCode.STATUS_CODE_UNSET) {
            tags.put("otel.status_code", "string:" + status.name().substring(12));
        }
        if (status == StatusCode.STATUS_CODE_ERROR) {
            tags.put("error", "bool:true");
            tags.put("otel.status_description", "string:" + span.getStatus().getMessage());
        }
        return new JaegerSpan(
                hex(span.getTraceId()),
                hex(span.getSpanId()),
                hex(span.getParentSpanId()),
                span.getName(),
                service,
                span.getStartTimeUnixNano() / 1000,
                (span.getEndTimeUnixNano() - span.getStartTimeUnixNano()) / 1000,
                tags);
    }

    /** @param trace of the query API: an element of {@code data} */
    static List<JaegerSpan> arrived(JsonNode trace) {
        return trace.path("spans")
                .valueStream()
                .map(span -> arrived(
                        span,
                        trace.path("processes").path(span.path("processID").asText())))
                .toList();
    }

    private static JaegerSpan arrived(JsonNode span, JsonNode process) {
        SortedMap<String, String> tags = new TreeMap<>();
        process.path("tags").forEach(tag -> put(tags, tag));
        span.path("tags").forEach(tag -> put(tags, tag));
        JsonNode parent = span.path("references").path(0);
        return new JaegerSpan(
                padded(span.path("traceID").asText(), 32),
                padded(span.path("spanID").asText(), 16),
                parent.isMissingNode() ? "" : padded(parent.path("spanID").asText(), 16),
                span.path("operationName").asText(),
                process.path("serviceName").asText(),
                span.path("startTime").asLong(),
                span.path("duration").asLong(),
                tags);
    }

    private static void put(SortedMap<String, String> tags, JsonNode tag) {
        tags.put(
                tag.path("key").asText(),
                tag.path("type").asText() + ":" + tag.path("value").asText());
    }

    private static String tag(AnyValue value) {
        return switch (value.getValueCase()) {
            case STRING_VALUE -> "string:" + value.getStringValue();
            case INT_VALUE -> "int64:" + value.getIntValue();
            case BOOL_VALUE -> "bool:" + value.getBoolValue();
            case DOUBLE_VALUE -> "float64:" + value.getDoubleValue();
            default -> "not told as it was: " + value.getValueCase();
        };
    }

    private static String hex(ByteString bytes) {
        return HexFormat.of().formatHex(bytes.toByteArray());
    }

    /** Leading zeros that a peer left out are put back. */
    private static String padded(String hex, int length) {
        return "0".repeat(Math.max(0, length - hex.length())) + hex;
    }
}
