package dev.weir.sample.policy;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** A span with its resource and scope, written as generated protobuf writes it. */
final class TestSpan {

    static final long START = 1_760_000_000_000_000_000L;

    private static final AtomicLong IDS = new AtomicLong();

    final Span.Builder span = Span.newBuilder()
            .setTraceId(ByteString.copyFrom(new byte[16]))
            .setName("GET /")
            .setParentSpanId(id(1))
            .setStartTimeUnixNano(START)
            .setEndTimeUnixNano(START);
    final Resource.Builder resource = Resource.newBuilder();
    final InstrumentationScope.Builder scope = InstrumentationScope.newBuilder();

    static TestSpan span() {
        TestSpan span = new TestSpan();
        span.span.setSpanId(id(1000 + IDS.incrementAndGet()));
        return span;
    }

    static TestSpan root() {
        TestSpan root = span();
        root.span.clearParentSpanId();
        return root;
    }

    static ByteString id(long id) {
        return ByteString.copyFrom(java.nio.ByteBuffer.allocate(8).putLong(id).array());
    }

    TestSpan with(String key, Object value) {
        span.addAttributes(attribute(key, value));
        return this;
    }

    TestSpan resource(String key, Object value) {
        resource.addAttributes(attribute(key, value));
        return this;
    }

    TestSpan scope(String key, Object value) {
        scope.addAttributes(attribute(key, value));
        return this;
    }

    TestSpan event(String key, Object value) {
        span.addEvents(Span.Event.newBuilder().setName("e").addAttributes(attribute(key, value)));
        return this;
    }

    TestSpan link(String key, Object value) {
        span.addLinks(Span.Link.newBuilder().addAttributes(attribute(key, value)));
        return this;
    }

    TestSpan name(String name) {
        span.setName(name);
        return this;
    }

    TestSpan kind(int kind) {
        span.setKindValue(kind);
        return this;
    }

    TestSpan ids(long spanId, long parentId) {
        span.setSpanId(id(spanId)).setParentSpanId(parentId == 0 ? ByteString.EMPTY : id(parentId));
        return this;
    }

    TestSpan status(int code) {
        span.setStatus(Status.newBuilder().setCodeValue(code));
        return this;
    }

    /** Milliseconds after the start of all. */
    TestSpan from(long startMillis, long endMillis) {
        span.setStartTimeUnixNano(START + startMillis * 1_000_000).setEndTimeUnixNano(START + endMillis * 1_000_000);
        return this;
    }

    TestSpan traceState(String text) {
        span.setTraceState(text);
        return this;
    }

    TestSpan flags(int flags) {
        span.setFlags(flags);
        return this;
    }

    static KeyValue attribute(String key, Object value) {
        return KeyValue.newBuilder().setKey(key).setValue(any(value)).build();
    }

    private static AnyValue any(Object value) {
        AnyValue.Builder any = AnyValue.newBuilder();
        switch (value) {
            case String text -> any.setStringValue(text);
            case Integer number -> any.setIntValue(number);
            case Long number -> any.setIntValue(number);
            case Double number -> any.setDoubleValue(number);
            case Boolean truth -> any.setBoolValue(truth);
            case byte[] bytes -> any.setBytesValue(ByteString.copyFrom(bytes));
            case List<?> list ->
                any.setArrayValue(ArrayValue.newBuilder()
                        .addAllValues(list.stream().map(TestSpan::any).toList()));
            default -> throw new IllegalArgumentException(value.toString());
        }
        return any.build();
    }
}
