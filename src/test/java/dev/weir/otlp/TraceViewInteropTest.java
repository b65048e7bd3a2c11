package dev.weir.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TraceViewInteropTest {

    private final TraceView view = new TraceView();
    private final AttributeView attributes = new AttributeView();

    @Test
    void shouldReadWhatProtobufReads() throws Exception {
        for (int seed = 0; seed < 300; seed++) {
            byte[] bytes =
                    new GeneratedRequests(seed).request(RequestType.TRACES).toByteArray();
            shouldEqual(bytes);
            shouldEqual(GeneratedRequests.reversed(bytes, ExportTraceServiceRequest.getDescriptor()));
        }
    }

    @Test
    void shouldTakeLastOfRepeatedFieldsAndZeroLengthParentAsRoot() throws Exception {
        Span first = Span.newBuilder()
                .setName("a")
                .setParentSpanId(ByteString.copyFrom(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}))
                .setKindValue(2)
                .setStartTimeUnixNano(5)
                .build();
        Span last = Span.newBuilder()
                .setName("b")
                .setKindValue(3)
                .setStartTimeUnixNano(6)
                .build();
        ByteString emptyParent = ByteString.copyFrom(new byte[] {0x22, 0});
        ByteString span = first.toByteString().concat(last.toByteString()).concat(emptyParent);
        byte[] bytes = Wrap.span(span.toByteArray());

        view.reset(bytes);

        assertThat(view.next()).isTrue();
        assertThat(view.name()).isEqualTo("b");
        assertThat(view.span().kind()).isEqualTo(3);
        assertThat(view.span().startNanos()).isEqualTo(6);
        assertThat(view.span().parentSpanId()).isZero();
        assertThat(view.next()).isFalse();
    }

    private void shouldEqual(byte[] bytes) throws Exception {
        ExportTraceServiceRequest request = ExportTraceServiceRequest.parseFrom(bytes);
        view.reset(bytes);
        for (ResourceSpans resource : request.getResourceSpansList()) {
            for (ScopeSpans scope : resource.getScopeSpansList()) {
                for (Span span : scope.getSpansList()) {
                    assertThat(view.next()).isTrue();
                    assertThat(Resource.parseFrom(slice(view.resourceStart(), view.resourceEnd())))
                            .isEqualTo(resource.getResource());
                    assertThat(InstrumentationScope.parseFrom(slice(view.scopeStart(), view.scopeEnd())))
                            .isEqualTo(scope.getScope());
                    assertThat(text(view.resourceSchemaUrlStart(), view.resourceSchemaUrlEnd()))
                            .isEqualTo(resource.getSchemaUrl());
                    assertThat(text(view.scopeSchemaUrlStart(), view.scopeSchemaUrlEnd()))
                            .isEqualTo(scope.getSchemaUrl());
                    shouldEqual(span);
                    shouldEqual(view.spanStart(), view.spanEnd(), AttributeView.OF_SPAN, span.getAttributesList());
                    shouldEqual(
                            view.resourceStart(),
                            view.resourceEnd(),
                            AttributeView.OF_RESOURCE,
                            resource.getResource().getAttributesList());
                    shouldEqual(
                            view.scopeStart(),
                            view.scopeEnd(),
                            AttributeView.OF_SCOPE,
                            scope.getScope().getAttributesList());
                }
            }
        }
        assertThat(view.next()).isFalse();
    }

    private void shouldEqual(Span span) throws Exception {
        assertThat(Span.parseFrom(slice(view.spanStart(), view.spanEnd()))).isEqualTo(span);
        ByteBuffer traceId = span.getTraceId().asReadOnlyByteBuffer();
        assertThat(view.span().traceIdHigh()).isEqualTo(traceId.getLong());
        assertThat(view.span().traceIdLow()).isEqualTo(traceId.getLong());
        assertThat(view.span().spanId())
                .isEqualTo(span.getSpanId().asReadOnlyByteBuffer().getLong());
        assertThat(view.span().parentSpanId())
                .isEqualTo(
                        span.getParentSpanId().size() == 8
                                ? span.getParentSpanId().asReadOnlyByteBuffer().getLong()
                                : 0);
        assertThat(view.span().kind()).isEqualTo(span.getKindValue());
        assertThat(view.span().flags()).isEqualTo(span.getFlags());
        assertThat(view.span().startNanos()).isEqualTo(span.getStartTimeUnixNano());
        assertThat(view.span().endNanos()).isEqualTo(span.getEndTimeUnixNano());
        assertThat(view.span().statusCode()).isEqualTo(span.getStatus().getCodeValue());
        assertThat(view.name()).isEqualTo(span.getName());
        assertThat(text(view.span().traceStateStart(), view.span().traceStateEnd()))
                .isEqualTo(span.getTraceState());
        assertThat(view.span().attributes()).isEqualTo(span.getAttributesCount());
    }

    private void shouldEqual(int from, int to, int fieldNumber, List<KeyValue> expected) {
        attributes.reset(view.bytes(), from, to, fieldNumber);
        for (KeyValue attribute : expected) {
            assertThat(attributes.next()).isTrue();
            assertThat(attributes.key()).isEqualTo(attribute.getKey());
            assertThat(attributes.keyEquals(attribute.getKeyBytes().toByteArray()))
                    .isTrue();
            assertThat(attributes.keyEquals((attribute.getKey() + "!").getBytes(StandardCharsets.UTF_8)))
                    .isFalse();
            AnyValue value = attribute.getValue();
            if (value.getValueCase() == AnyValue.ValueCase.STRING_VALUE_STRINDEX) {
                assertThat(attributes.valueType()).isEqualTo(AttributeView.ValueType.NONE);
                continue;
            }
            assertThat(attributes.valueType().ordinal())
                    .as("%s", value.getValueCase())
                    .isEqualTo(value.getValueCase().getNumber());
            assertThat(attributes.stringValue()).isEqualTo(value.getStringValue());
            assertThat(attributes.longValue()).isEqualTo(value.getIntValue());
            assertThat(attributes.doubleValue()).isEqualTo(value.getDoubleValue());
            assertThat(attributes.boolValue()).isEqualTo(value.getBoolValue());
            if (value.hasBytesValue()) {
                assertThat(slice(attributes.valueStart(), attributes.valueEnd()))
                        .isEqualTo(value.getBytesValue().toByteArray());
            }
        }
        assertThat(attributes.next()).isFalse();
    }

    private byte[] slice(int from, int to) {
        return Arrays.copyOfRange(view.bytes(), from, to);
    }

    private String text(int from, int to) {
        return new String(view.bytes(), from, to - from, StandardCharsets.UTF_8);
    }
}
