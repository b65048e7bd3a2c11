package dev.weir.otlp;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random requests with every field of the three messages, and unknown ones. */
public final class GeneratedRequests {

    private final Random random;

    public GeneratedRequests(long seed) {
        random = new Random(seed);
    }

    static Message prototype(RequestType type) {
        return switch (type) {
            case TRACES -> ExportTraceServiceRequest.getDefaultInstance();
            case METRICS -> ExportMetricsServiceRequest.getDefaultInstance();
            case LOGS -> ExportLogsServiceRequest.getDefaultInstance();
        };
    }

    public static Message parse(RequestType type, byte[] bytes) {
        try {
            return prototype(type).getParserForType().parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(type + " is not parsed by protobuf", e);
        }
    }

    public Message request(RequestType type) {
        return fill(prototype(type).toBuilder(), 0).build();
    }

    private Message.Builder fill(Message.Builder builder, int level) {
        for (FieldDescriptor field : builder.getDescriptorForType().getFields()) {
            boolean containsItems =
                    level < 3 && field.isRepeated() && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
            if (!containsItems && random.nextInt(10) < 3) {
                continue;
            }
            if (!field.isRepeated()) {
                if (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE || level < 11) {
                    builder.setField(field, value(builder, field, level));
                }
            } else if (level < 11) {
                for (int n = random.nextInt(level < 4 ? 4 : 3); n > 0; n--) {
                    builder.addRepeatedField(field, value(builder, field, level));
                }
            }
        }
        if (builder instanceof Span.Builder span) {
            span.setTraceId(bytes(16)).setSpanId(bytes(8));
        }
        if (random.nextInt(4) == 0) {
            builder.setUnknownFields(unknown());
        }
        return builder;
    }

    private Object value(Message.Builder builder, FieldDescriptor field, int level) {
        return switch (field.getJavaType()) {
            case INT -> random.nextInt();
            case LONG -> random.nextLong() >> random.nextInt(64);
            case FLOAT -> random.nextFloat();
            case DOUBLE -> random.nextDouble();
            case BOOLEAN -> random.nextBoolean();
            case STRING -> "s" + "x".repeat(random.nextInt(random.nextInt(9) == 0 ? 300 : 12));
            case BYTE_STRING -> bytes(size(field.getName()));
            case ENUM ->
                field.getEnumType()
                        .getValues()
                        .get(random.nextInt(field.getEnumType().getValues().size()));
            case MESSAGE -> fill(builder.newBuilderForField(field), level + 1).build();
        };
    }

    private int size(String field) {
        if (field.endsWith("_id")) {
            return random.nextInt(4) == 0 ? 0 : field.equals("trace_id") ? 16 : 8;
        }
        return random.nextInt(20);
    }

    private ByteString bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return ByteString.copyFrom(bytes);
    }

    private UnknownFieldSet unknown() {
        return UnknownFieldSet.newBuilder()
                .addField(
                        100 + random.nextInt(5000),
                        UnknownFieldSet.Field.newBuilder()
                                .addVarint(random.nextLong())
                                .addFixed32(7)
                                .addFixed64(8)
                                .addLengthDelimited(bytes(9))
                                .build())
                .build();
    }

    /** The same message with the fields of every known message in reverse order, as the Collector writes them. */
    public static byte[] reversed(byte[] message, Descriptor type) {
        List<byte[]> fields = new ArrayList<>();
        FieldCursor field = new FieldCursor().reset(message, 0, message.length);
        int length = 0;
        while (field.next()) {
            FieldDescriptor known = type.findFieldByNumber(field.tag() >>> 3);
            byte[] whole = java.util.Arrays.copyOfRange(message, field.fieldStart(), field.valueEnd());
            if (known != null && known.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
                byte[] content = java.util.Arrays.copyOfRange(message, field.valueStart(), field.valueEnd());
                byte[] turned = reversed(content, known.getMessageType());
                System.arraycopy(turned, 0, whole, whole.length - turned.length, turned.length);
            }
            fields.addFirst(whole);
            length += whole.length;
        }
        byte[] out = new byte[length];
        int at = 0;
        for (byte[] whole : fields) {
            System.arraycopy(whole, 0, out, at, whole.length);
            at += whole.length;
        }
        return out;
    }

    /** Items as generated protobuf sees them; a metric without known data is one. */
    static int items(RequestType type, Message request) {
        return switch (type) {
            case TRACES ->
                ((ExportTraceServiceRequest) request)
                        .getResourceSpansList().stream()
                                .flatMap(r -> r.getScopeSpansList().stream())
                                .mapToInt(s -> s.getSpansCount())
                                .sum();
            case LOGS ->
                ((ExportLogsServiceRequest) request)
                        .getResourceLogsList().stream()
                                .flatMap(r -> r.getScopeLogsList().stream())
                                .mapToInt(s -> s.getLogRecordsCount())
                                .sum();
            case METRICS ->
                ((ExportMetricsServiceRequest) request)
                        .getResourceMetricsList().stream()
                                .flatMap(r -> r.getScopeMetricsList().stream())
                                .flatMap(s -> s.getMetricsList().stream())
                                .mapToInt(GeneratedRequests::points)
                                .sum();
        };
    }

    static int points(Metric metric) {
        return switch (metric.getDataCase()) {
            case GAUGE -> metric.getGauge().getDataPointsCount();
            case SUM -> metric.getSum().getDataPointsCount();
            case HISTOGRAM -> metric.getHistogram().getDataPointsCount();
            case EXPONENTIAL_HISTOGRAM -> metric.getExponentialHistogram().getDataPointsCount();
            case SUMMARY -> metric.getSummary().getDataPointsCount();
            case DATA_NOT_SET -> 1;
        };
    }
}
