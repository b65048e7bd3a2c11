package dev.weir.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RequestScannerInteropTest {

    private final RequestScanner scanner = new RequestScanner();

    @ParameterizedTest
    @EnumSource
    void shouldCountItemsOfAnyRequestInAnyFieldOrder(RequestType type) throws OtlpFormatException {
        for (int seed = 0; seed < 300; seed++) {
            Message request = new GeneratedRequests(seed).request(type);
            byte[] bytes = request.toByteArray();
            int items = GeneratedRequests.items(type, request);

            assertThat(scanner.scan(type, bytes)).as("seed %d", seed).isEqualTo(items);
            assertThat(scanner.rejected()).isZero();
            assertThat(scanner.withoutRejected()).isSameAs(bytes);

            byte[] reversed = GeneratedRequests.reversed(bytes, request.getDescriptorForType());
            assertThat(scanner.scan(type, reversed))
                    .as("seed %d reversed", seed)
                    .isEqualTo(GeneratedRequests.items(type, GeneratedRequests.parse(type, reversed)));
        }
    }

    @Test
    void shouldLeaveOutSpansWithInvalidIdsAndNothingElse() throws OtlpFormatException {
        for (int seed = 0; seed < 300; seed++) {
            ExportTraceServiceRequest.Builder request =
                    ((ExportTraceServiceRequest) new GeneratedRequests(seed).request(RequestType.TRACES)).toBuilder();
            ExportTraceServiceRequest.Builder expected = request.clone();
            int traceIds = 0;
            int spanIds = 0;
            for (int r = 0; r < request.getResourceSpansCount(); r++) {
                ResourceSpans.Builder resource = request.getResourceSpansBuilder(r);
                for (int s = 0; s < resource.getScopeSpansCount(); s++) {
                    ScopeSpans.Builder scope = resource.getScopeSpansBuilder(s);
                    ScopeSpans.Builder kept = expected.getResourceSpansBuilder(r)
                            .getScopeSpansBuilder(s)
                            .clearSpans();
                    for (Span.Builder span : scope.getSpansBuilderList()) {
                        switch (span.getSpanId().byteAt(0) & 7) {
                            case 0 -> span.setTraceId(ByteString.copyFrom(new byte[16]));
                            case 1 -> span.setTraceId(ByteString.copyFrom(new byte[15]));
                            case 2 -> span.setSpanId(ByteString.copyFrom(new byte[8]));
                            case 3 -> span.clearSpanId();
                            default -> kept.addSpans(span);
                        }
                        traceIds += span.getTraceId().toByteArray().length < 16 || isZero(span.getTraceId()) ? 1 : 0;
                        spanIds += !isZero(span.getTraceId()) && isZero(span.getSpanId()) ? 1 : 0;
                    }
                }
            }

            int items = scanner.scan(RequestType.TRACES, request.build().toByteArray());

            assertThat(items)
                    .as("seed %d", seed)
                    .isEqualTo(GeneratedRequests.items(RequestType.TRACES, expected.build()));
            assertThat(scanner.rejections().getOrDefault(Rejection.INVALID_TRACE_ID, 0))
                    .isEqualTo(traceIds);
            assertThat(scanner.rejections().getOrDefault(Rejection.INVALID_SPAN_ID, 0))
                    .isEqualTo(spanIds);
            assertThat(scanner.rejected()).isEqualTo(traceIds + spanIds);
            assertThat(scanner.withoutRejected()).isEqualTo(expected.build().toByteArray());
        }
    }

    @Test
    void shouldTakeLastOfRepeatedIds() throws OtlpFormatException {
        Span good = Span.newBuilder()
                .setTraceId(ByteString.copyFrom(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}))
                .setSpanId(ByteString.copyFrom(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}))
                .build();
        ByteString bad = Span.newBuilder()
                .setTraceId(ByteString.copyFrom(new byte[16]))
                .build()
                .toByteString();

        assertThat(scanner.scan(RequestType.TRACES, requestOf(bad.concat(good.toByteString()))))
                .isEqualTo(1);
        assertThat(scanner.scan(
                        RequestType.TRACES, requestOf(good.toByteString().concat(bad))))
                .isZero();
        assertThat(scanner.rejections()).containsOnlyKeys(Rejection.INVALID_TRACE_ID);
    }

    /** A field that becomes a message in a later version of OTLP must be looked into too. */
    @Test
    void shouldKnowEveryMessageAndPackedFieldOfOtlp() {
        check(Span.getDescriptor(), KnownMessages.SPAN, new HashSet<>());
        check(LogRecord.getDescriptor(), KnownMessages.LOG_RECORD, new HashSet<>());
        check(Metric.getDescriptor(), KnownMessages.METRIC, new HashSet<>());
        Map.of("Resource", KnownMessages.RESOURCE, "InstrumentationScope", KnownMessages.SCOPE)
                .forEach((name, message) -> check(
                        (name.equals("Resource") ? ResourceSpans.getDescriptor() : ScopeSpans.getDescriptor())
                                .findFieldByNumber(1)
                                .getMessageType(),
                        message,
                        new HashSet<>()));
    }

    private static void check(Descriptor type, int message, Set<Descriptor> seen) {
        if (!seen.add(type)) {
            return;
        }
        short[] fields = KnownMessages.fieldsOf(message);
        for (int number = 1; number < 1000; number++) {
            FieldDescriptor field = type.findFieldByNumber(number);
            int entry = number < fields.length ? fields[number] : KnownMessages.UNKNOWN;
            int content = KnownMessages.content(entry);
            for (int wireType = 0; wireType < 8; wireType++) {
                assertThat(KnownMessages.allows(entry, wireType))
                        .as("%s %d of wire type %d", type.getName(), number, wireType)
                        .isEqualTo(isAllowed(field, wireType));
            }
            if (field == null) {
                assertThat(content).as("%s %d", type.getName(), number).isZero();
            } else if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
                assertThat(content).as(field.getFullName()).isPositive();
                check(field.getMessageType(), content, seen);
            } else if (field.isPacked()) {
                assertThat(content)
                        .as(field.getFullName())
                        .isEqualTo(
                                field.getType() == FieldDescriptor.Type.UINT64
                                        ? KnownMessages.PACKED_VARINT
                                        : KnownMessages.PACKED_FIXED64);
            } else {
                assertThat(content).as(field.getFullName()).isZero();
            }
        }
    }

    private static boolean isAllowed(@Nullable FieldDescriptor field, int wireType) {
        if (field == null) {
            return wireType < 3 || wireType == 5;
        }
        return wireType == field.getLiteType().getWireType() || field.isPackable() && wireType == 2;
    }

    private static byte[] requestOf(ByteString span) {
        ByteString scope = field(2, span);
        ByteString resource = field(2, scope);
        return field(1, resource).toByteArray();
    }

    private static ByteString field(int number, ByteString content) {
        return com.google.protobuf.UnknownFieldSet.newBuilder()
                .addField(
                        number,
                        com.google.protobuf.UnknownFieldSet.Field.newBuilder()
                                .addLengthDelimited(content)
                                .build())
                .build()
                .toByteString();
    }

    private static boolean isZero(ByteString id) {
        for (byte b : id) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }
}
