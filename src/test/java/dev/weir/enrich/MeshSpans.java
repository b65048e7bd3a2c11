package dev.weir.enrich;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Spans as Envoy and SDKs write them, and what is looked at in them. */
final class MeshSpans {

    private MeshSpans() {}

    static ExportTraceServiceRequest envoy(Span... spans) {
        return envoy(Resource.newBuilder().addAttributes(text("service.name", "cart.shop")), spans);
    }

    static ExportTraceServiceRequest envoy(Resource.Builder resource, Span... spans) {
        return request(resource, "envoy", spans);
    }

    static ExportTraceServiceRequest sdk(Resource.Builder resource, Span... spans) {
        return request(resource, "io.opentelemetry.netty-4.1", spans);
    }

    static ExportTraceServiceRequest request(Resource.Builder resource, String scope, Span... spans) {
        return ExportTraceServiceRequest.newBuilder()
                .addResourceSpans(ResourceSpans.newBuilder()
                        .setResource(resource)
                        .addScopeSpans(ScopeSpans.newBuilder()
                                .setScope(InstrumentationScope.newBuilder().setName(scope))
                                .addAllSpans(List.of(spans))))
                .build();
    }

    static Resource.Builder resource(String... attributes) {
        return Resource.newBuilder().addAllAttributes(texts(attributes));
    }

    /** @param attributes keys and values in turn */
    static Span child(String id, String parent, String... attributes) {
        return Span.newBuilder()
                .setTraceId(ByteString.copyFrom(HexFormat.of().parseHex("0123456789abcdef0123456789abcdef")))
                .setSpanId(id(id))
                .setParentSpanId(parent.isEmpty() ? ByteString.EMPTY : id(parent))
                .setName("GET /")
                .setKind(Span.SpanKind.SPAN_KIND_SERVER)
                .setStartTimeUnixNano(1_700_000_000_000_000_000L)
                .setEndTimeUnixNano(1_700_000_000_001_000_000L)
                .addAllAttributes(texts(attributes))
                .build();
    }

    static Span span(String... attributes) {
        return child("a1", "", attributes);
    }

    static String node(String pod, String namespace, String ip) {
        return "sidecar~" + ip + "~" + pod + "." + namespace + "~" + namespace + ".svc.cluster.local";
    }

    private static ByteString id(String id) {
        return ByteString.copyFrom(HexFormat.of().parseHex("00000000000000" + id));
    }

    static KeyValue text(String key, String value) {
        return KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setStringValue(value))
                .build();
    }

    private static List<KeyValue> texts(String... attributes) {
        List<KeyValue> all = new ArrayList<>();
        for (int i = 0; i < attributes.length; i += 2) {
            all.add(text(attributes[i], attributes[i + 1]));
        }
        return all;
    }

    /** Values as text. */
    static Map<String, String> map(List<KeyValue> attributes) {
        Map<String, String> map = new TreeMap<>();
        for (KeyValue attribute : attributes) {
            AnyValue value = attribute.getValue();
            map.merge(
                    attribute.getKey(),
                    switch (value.getValueCase()) {
                        case STRING_VALUE -> value.getStringValue();
                        case BOOL_VALUE -> Boolean.toString(value.getBoolValue());
                        case INT_VALUE -> Long.toString(value.getIntValue());
                        default -> value.toString();
                    },
                    (one, other) -> one + " AND " + other);
        }
        return map;
    }

    static Map<String, String> resourceOf(ExportTraceServiceRequest request) {
        return map(request.getResourceSpans(0).getResource().getAttributesList());
    }

    static Map<String, String> spanOf(ExportTraceServiceRequest request) {
        return map(request.getResourceSpans(0).getScopeSpans(0).getSpans(0).getAttributesList());
    }
}
