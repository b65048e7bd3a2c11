package dev.weir.otlp;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The messages of OTLP as a table: what JSON and protobuf call each field and how each writes it.
 *
 * <p>Source: opentelemetry-proto 1.10. A test compares it with the generated classes' descriptors.
 */
final class JsonSchema {

    /**
     * One message a paragraph: its name, then its fields as number, lowerCamelCase name and type. A type is a {@link Kind},
     * an enum or a message. {@code *} after it means repeated, {@code ?} that a default value is told apart from none,
     * {@code |} the same in a member of the message's oneof.
     */
    private static final String TABLE = """
            ExportTraceServiceRequest
            1 resourceSpans ResourceSpans*

            ResourceSpans
            1 resource Resource
            2 scopeSpans ScopeSpans*
            3 schemaUrl string

            ScopeSpans
            1 scope InstrumentationScope
            2 spans Span*
            3 schemaUrl string

            Span
            1 traceId id
            2 spanId id
            3 traceState string
            4 parentSpanId id
            16 flags fixed32
            5 name string
            6 kind SpanKind
            7 startTimeUnixNano fixed64
            8 endTimeUnixNano fixed64
            9 attributes KeyValue*
            10 droppedAttributesCount uint32
            11 events Event*
            12 droppedEventsCount uint32
            13 links Link*
            14 droppedLinksCount uint32
            15 status Status

            Event
            1 timeUnixNano fixed64
            2 name string
            3 attributes KeyValue*
            4 droppedAttributesCount uint32

            Link
            1 traceId id
            2 spanId id
            3 traceState string
            4 attributes KeyValue*
            5 droppedAttributesCount uint32
            6 flags fixed32

            Status
            2 message string
            3 code StatusCode

            ExportMetricsServiceRequest
            1 resourceMetrics ResourceMetrics*

            ResourceMetrics
            1 resource Resource
            2 scopeMetrics ScopeMetrics*
            3 schemaUrl string

            ScopeMetrics
            1 scope InstrumentationScope
            2 metrics Metric*
            3 schemaUrl string

            Metric
            1 name string
            2 description string
            3 unit string
            5 gauge Gauge|
            7 sum Sum|
            9 histogram Histogram|
            10 exponentialHistogram ExponentialHistogram|
            11 summary Summary|
            12 metadata KeyValue*

            Gauge
            1 dataPoints NumberDataPoint*

            Sum
            1 dataPoints NumberDataPoint*
            2 aggregationTemporality AggregationTemporality
            3 isMonotonic bool

            Histogram
            1 dataPoints HistogramDataPoint*
            2 aggregationTemporality AggregationTemporality

            ExponentialHistogram
            1 dataPoints ExponentialHistogramDataPoint*
            2 aggregationTemporality AggregationTemporality

            Summary
            1 dataPoints SummaryDataPoint*

            NumberDataPoint
            7 attributes KeyValue*
            2 startTimeUnixNano fixed64
            3 timeUnixNano fixed64
            4 asDouble double|
            6 asInt sfixed64|
            5 exemplars Exemplar*
            8 flags uint32

            HistogramDataPoint
            9 attributes KeyValue*
            2 startTimeUnixNano fixed64
            3 timeUnixNano fixed64
            4 count fixed64
            5 sum double?
            6 bucketCounts fixed64*
            7 explicitBounds double*
            8 exemplars Exemplar*
            10 flags uint32
            11 min double?
            12 max double?

            ExponentialHistogramDataPoint
            1 attributes KeyValue*
            2 startTimeUnixNano fixed64
            3 timeUnixNano fixed64
            4 count fixed64
            5 sum double?
            6 scale sint32
            7 zeroCount fixed64
            8 positive Buckets
            9 negative Buckets
            10 flags uint32
            11 exemplars Exemplar*
            12 min double?
            13 max double?
            14 zeroThreshold double

            Buckets
            1 offset sint32
            2 bucketCounts uint64*

            SummaryDataPoint
            7 attributes KeyValue*
            2 startTimeUnixNano fixed64
            3 timeUnixNano fixed64
            4 count fixed64
            5 sum double
            6 quantileValues ValueAtQuantile*
            8 flags uint32

            ValueAtQuantile
            1 quantile double
            2 value double

            Exemplar
            7 filteredAttributes KeyValue*
            2 timeUnixNano fixed64
            3 asDouble double|
            6 asInt sfixed64|
            4 spanId id
            5 traceId id

            ExportLogsServiceRequest
            1 resourceLogs ResourceLogs*

            ResourceLogs
            1 resource Resource
            2 scopeLogs ScopeLogs*
            3 schemaUrl string

            ScopeLogs
            1 scope InstrumentationScope
            2 logRecords LogRecord*
            3 schemaUrl string

            LogRecord
            1 timeUnixNano fixed64
            11 observedTimeUnixNano fixed64
            2 severityNumber SeverityNumber
            3 severityText string
            5 body AnyValue
            6 attributes KeyValue*
            7 droppedAttributesCount uint32
            8 flags fixed32
            9 traceId id
            10 spanId id
            12 eventName string

            Resource
            1 attributes KeyValue*
            2 droppedAttributesCount uint32
            3 entityRefs EntityRef*

            EntityRef
            1 schemaUrl string
            2 type string
            3 idKeys string*
            4 descriptionKeys string*

            InstrumentationScope
            1 name string
            2 version string
            3 attributes KeyValue*
            4 droppedAttributesCount uint32

            KeyValue
            1 key string
            2 value AnyValue
            3 keyStrindex int32

            AnyValue
            1 stringValue string|
            2 boolValue bool|
            3 intValue int64|
            4 doubleValue double|
            5 arrayValue ArrayValue|
            6 kvlistValue KeyValueList|
            7 bytesValue bytes|
            8 stringValueStrindex int32|

            ArrayValue
            1 values AnyValue*

            KeyValueList
            1 values KeyValue*
            """;

    private static final Map<String, JsonMessage> MESSAGES = parse();

    private JsonSchema() {}

    static JsonMessage request(RequestType type) {
        return switch (type) {
            case TRACES -> message("ExportTraceServiceRequest");
            case METRICS -> message("ExportMetricsServiceRequest");
            case LOGS -> message("ExportLogsServiceRequest");
        };
    }

    static List<JsonMessage> messages() {
        return List.copyOf(MESSAGES.values());
    }

    /** @param name as in the .proto file, without package and outer message */
    static JsonMessage message(String name) {
        JsonMessage message = MESSAGES.get(name);
        if (message == null) {
            throw new IllegalArgumentException("OTLP has no message " + name);
        }
        return message;
    }

    private static Map<String, JsonMessage> parse() {
        Map<String, List<String>> paragraphs = new LinkedHashMap<>();
        for (String paragraph : TABLE.strip().split("\n\n")) {
            List<String> lines = paragraph.lines().toList();
            paragraphs.put(lines.getFirst(), lines.subList(1, lines.size()));
        }
        // First every message, then their fields, because messages refer to each other in circles.
        Map<String, JsonMessage> messages = new LinkedHashMap<>();
        paragraphs.keySet().forEach(name -> messages.put(name, new JsonMessage(name)));
        for (JsonMessage message : messages.values()) {
            List<JsonField> fields = new ArrayList<>();
            for (String line : paragraphs.getOrDefault(message.name(), List.of())) {
                fields.add(field(line.split(" "), fields.size(), messages));
            }
            message.define(fields);
        }
        return messages;
    }

    private static JsonField field(String[] words, int ordinal, Map<String, JsonMessage> messages) {
        String type = words[2];
        char mark = type.charAt(type.length() - 1);
        if (mark == '*' || mark == '?' || mark == '|') {
            type = type.substring(0, type.length() - 1);
        }
        JsonMessage message = messages.get(type);
        @Nullable JsonEnum names = message == null ? JsonEnum.named(type) : null;
        JsonField.Kind kind = message != null
                ? JsonField.Kind.MESSAGE
                : names != null ? JsonField.Kind.ENUM : JsonField.Kind.named(type);
        return new JsonField(ordinal, Integer.parseInt(words[0]), words[1], kind, mark, message, names);
    }
}
