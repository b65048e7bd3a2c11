package dev.weir.otlp;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.util.Random;

/** Requests in which every field of OTLP may stand, with ordinary and extreme values. */
final class RandomRequests {

    private static final int DEEPEST = 12;
    private static final String[] STRINGS = {
        "", "a", "http.method", "GET", "näher 🦊", "\"\\/\b\f\n\r\t\u0001", "\u2028€"
    };
    private static final long[] LONGS = {0, 1, -1, 42, Long.MAX_VALUE, Long.MIN_VALUE, 1_700_000_000_000_000_000L};
    private static final double[] DOUBLES = {
        0, -0.0, 1, -1.5, 1e300, Double.MIN_VALUE, Double.MAX_VALUE, Double.NaN, Double.POSITIVE_INFINITY, 0.1
    };

    private final Random random;
    private boolean negativeZero = true;

    RandomRequests(long seed) {
        random = new Random(seed);
    }

    /** For readers that lose its sign, as protobuf's own library does. */
    RandomRequests withoutNegativeZero() {
        negativeZero = false;
        return this;
    }

    static Message.Builder empty(RequestType type) {
        return switch (type) {
            case TRACES -> ExportTraceServiceRequest.newBuilder();
            case METRICS -> ExportMetricsServiceRequest.newBuilder();
            case LOGS -> ExportLogsServiceRequest.newBuilder();
        };
    }

    Message next(RequestType type) {
        Message.Builder builder = empty(type);
        fill(builder, 1);
        return builder.build();
    }

    private void fill(Message.Builder builder, int level) {
        for (FieldDescriptor field : builder.getDescriptorForType().getFields()) {
            boolean isMessage = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
            if (isMessage && level == DEEPEST || random.nextInt(4) == 0 && level > 3) {
                continue;
            }
            if (field.isRepeated()) {
                int count = random.nextInt(3) + (level < 4 ? 1 : 0);
                for (int i = 0; i < count; i++) {
                    builder.addRepeatedField(field, value(builder, field, level));
                }
            } else {
                builder.setField(field, value(builder, field, level));
            }
        }
    }

    private Object value(Message.Builder builder, FieldDescriptor field, int level) {
        return switch (field.getJavaType()) {
            case MESSAGE -> {
                Message.Builder nested = builder.newBuilderForField(field);
                fill(nested, level + 1);
                yield nested.build();
            }
            case STRING -> random.nextInt(50) == 0 ? "x".repeat(random.nextInt(20_000)) : pick();
            case BYTE_STRING -> bytes(field);
            case BOOLEAN -> random.nextBoolean();
            case INT -> random.nextBoolean() ? random.nextInt(100) : random.nextInt();
            case LONG -> random.nextBoolean() ? random.nextLong() : LONGS[random.nextInt(LONGS.length)];
            case DOUBLE -> real();
            case FLOAT -> throw new IllegalStateException("OTLP has no floats");
            case ENUM ->
                field.getEnumType()
                        .getValues()
                        .get(random.nextInt(field.getEnumType().getValues().size()));
        };
    }

    private double real() {
        double value = random.nextBoolean() ? random.nextGaussian() : DOUBLES[random.nextInt(DOUBLES.length)];
        return value == 0 && !negativeZero ? 0 : value;
    }

    private String pick() {
        return STRINGS[random.nextInt(STRINGS.length)];
    }

    private ByteString bytes(FieldDescriptor field) {
        byte[] bytes = new byte
                [field.getName().equals("trace_id") ? 16 : field.getName().endsWith("_id") ? 8 : random.nextInt(300)];
        random.nextBytes(bytes);
        return ByteString.copyFrom(bytes);
    }
}
