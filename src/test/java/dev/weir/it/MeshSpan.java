package dev.weir.it;

import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A span as it arrived, its attributes and its resource's by key: texts as {@link String}, numbers as {@link Long}, lists as
 * {@link List}.
 */
record MeshSpan(Map<String, Object> resource, String scope, Span span, Map<String, Object> attributes) {

    /** Those of one trace, by their start. */
    static List<MeshSpan> ofTrace(RecordingReceiver receiver, String traceId) {
        return all(receiver)
                .filter(s -> HexFormat.of()
                        .formatHex(s.span.getTraceId().toByteArray())
                        .equals(traceId))
                .sorted((a, b) -> Long.compareUnsigned(a.span.getStartTimeUnixNano(), b.span.getStartTimeUnixNano()))
                .toList();
    }

    static Stream<MeshSpan> all(RecordingReceiver receiver) {
        return receiver.requests().stream()
                .filter(ExportTraceServiceRequest.class::isInstance)
                .map(ExportTraceServiceRequest.class::cast)
                .flatMap(request -> request.getResourceSpansList().stream())
                .flatMap(resource -> resource.getScopeSpansList().stream()
                        .flatMap(scope -> scope.getSpansList().stream()
                                .map(span -> new MeshSpan(
                                        byKey(resource.getResource().getAttributesList()),
                                        scope.getScope().getName(),
                                        span,
                                        byKey(span.getAttributesList())))));
    }

    /** What is said under a key of the span, else of its resource; null when nothing is. */
    Object get(String key) {
        return attributes.getOrDefault(key, resource.get(key));
    }

    /** The keys in their order; a key that occurs twice fails, as nobody can tell which of the two counts. */
    static Map<String, Object> byKey(List<KeyValue> attributes) {
        Map<String, Object> values = new TreeMap<>();
        for (KeyValue attribute : attributes) {
            if (values.put(attribute.getKey(), value(attribute.getValue())) != null) {
                throw new AssertionError("twice: " + attribute.getKey() + " in " + attributes);
            }
        }
        return values;
    }

    private static Object value(AnyValue value) {
        return switch (value.getValueCase()) {
            case STRING_VALUE -> value.getStringValue();
            case INT_VALUE -> value.getIntValue();
            case BOOL_VALUE -> value.getBoolValue();
            case DOUBLE_VALUE -> value.getDoubleValue();
            case ARRAY_VALUE ->
                value.getArrayValue().getValuesList().stream()
                        .map(MeshSpan::value)
                        .toList();
            default -> value.toString();
        };
    }
}
