package dev.weir.enrich.envoy;

import dev.weir.otlp.AttributeKeys;
import dev.weir.otlp.AttributeSlots;
import dev.weir.otlp.AttributeView;
import dev.weir.otlp.AttributeWriter;
import dev.weir.otlp.RequestRewriter;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A span as Envoy sends it, and what the dialect makes of it, read back with the generated classes. */
public record TranslatedSpan(Span before, Span after) {

    public static Builder of(Span.SpanKind kind) {
        return new Builder(kind);
    }

    public static Builder client() {
        return of(Span.SpanKind.SPAN_KIND_CLIENT);
    }

    public static Builder server() {
        return of(Span.SpanKind.SPAN_KIND_SERVER);
    }

    /** Values as Java objects; fails when a key is there twice. */
    Map<String, Object> all() {
        return values(after);
    }

    /** What was added. */
    Map<String, Object> added() {
        Map<String, Object> added = values(after);
        added.keySet().removeAll(values(before).keySet());
        return added;
    }

    Object get(String key) {
        return all().get(key);
    }

    /** Keys of what was taken out. */
    List<String> removed() {
        return before.getAttributesList().stream()
                .map(KeyValue::getKey)
                .filter(key -> !values(after).containsKey(key))
                .toList();
    }

    private static Map<String, Object> values(Span span) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (KeyValue attribute : span.getAttributesList()) {
            if (values.put(attribute.getKey(), value(attribute.getValue())) != null) {
                throw new AssertionError("twice: " + attribute.getKey());
            }
        }
        return values;
    }

    private static Object value(AnyValue value) {
        return switch (value.getValueCase()) {
            case INT_VALUE -> value.getIntValue();
            case BOOL_VALUE -> value.getBoolValue();
            case DOUBLE_VALUE -> value.getDoubleValue();
            case ARRAY_VALUE ->
                value.getArrayValue().getValuesList().stream()
                        .map(TranslatedSpan::value)
                        .toList();
            default -> value.getStringValue();
        };
    }

    static byte[] request(List<Span> spans) {
        return ExportTraceServiceRequest.newBuilder()
                .addResourceSpans(ResourceSpans.newBuilder()
                        .addScopeSpans(ScopeSpans.newBuilder()
                                .setScope(InstrumentationScope.newBuilder().setName("envoy"))
                                .addAllSpans(spans)))
                .build()
                .toByteArray();
    }

    public static final class Builder {
        private final Span.Builder span = Span.newBuilder();
        private boolean removeReplaced;
        private boolean dropPeerAddress;
        private boolean meshStripped;

        Builder(Span.SpanKind kind) {
            span.setKind(kind);
        }

        public Builder tag(String key, String value) {
            return tag(key, AnyValue.newBuilder().setStringValue(value).build());
        }

        Builder tag(String key, AnyValue value) {
            span.addAttributes(KeyValue.newBuilder().setKey(key).setValue(value));
            return this;
        }

        Builder status(io.opentelemetry.proto.trace.v1.Status status) {
            span.setStatus(status);
            return this;
        }

        public Builder semconvOnly() {
            removeReplaced = true;
            return this;
        }

        Builder dropPeerAddress() {
            dropPeerAddress = true;
            return this;
        }

        Builder meshStripped() {
            meshStripped = true;
            return this;
        }

        public Span span() {
            return span.build();
        }

        public TranslatedSpan translate() {
            EnvoyDialect dialect = new EnvoyDialect(removeReplaced, dropPeerAddress);
            AttributeKeys keys = new AttributeKeys(dialect.keys());
            Translation translation = dialect.translation(keys);
            translation.meshStripped(meshStripped);
            return new TranslatedSpan(
                    span(), apply(translation, keys, List.of(span())).getFirst());
        }
    }

    /** The spans of one request, translated as the stage does it. */
    static List<Span> apply(Translation translation, AttributeKeys keys, List<Span> spans) {
        AttributeSlots slots = new AttributeSlots(keys);
        AttributeWriter out = new AttributeWriter();
        RequestRewriter rewriter = new RequestRewriter();
        rewriter.plan(request(spans), (request, from, to, edit) -> {
            slots.reset(request, from, to, AttributeView.OF_SPAN);
            while (slots.next()) {
                // each is noted
            }
            out.clear(AttributeView.OF_SPAN);
            List<int[]> cuts = new ArrayList<>();
            translation.translate(request, slots, out, (cutFrom, cutTo) -> cuts.add(new int[] {cutFrom, cutTo}));
            cuts.sort(Comparator.comparingInt(cut -> cut[0]));
            cuts.forEach(cut -> edit.cut(cut[0], cut[1]));
            edit.append(out.bytes(), 0, out.length());
            return true;
        });
        try {
            return ExportTraceServiceRequest.parseFrom(rewriter.build())
                    .getResourceSpans(0)
                    .getScopeSpans(0)
                    .getSpansList();
        } catch (com.google.protobuf.InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }
}
