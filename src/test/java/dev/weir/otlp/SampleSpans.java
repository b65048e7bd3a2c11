package dev.weir.otlp;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.Random;

/** Trace requests like an SDK's: spans of 410 bytes with nine attributes. */
public final class SampleSpans {

    public static final int SPAN_BYTES = 410;

    private SampleSpans() {}

    public static byte[] request(int spans, long seed) {
        Random random = new Random(seed);
        ScopeSpans.Builder scope = ScopeSpans.newBuilder()
                .setScope(InstrumentationScope.newBuilder()
                        .setName("io.opentelemetry.http")
                        .setVersion("2.11.0"));
        for (int i = 0; i < spans; i++) {
            scope.addSpans(span(random));
        }
        return ExportTraceServiceRequest.newBuilder()
                .addResourceSpans(ResourceSpans.newBuilder()
                        .setResource(Resource.newBuilder()
                                .addAttributes(text("service.name", "checkout"))
                                .addAttributes(text("service.namespace", "shop"))
                                .addAttributes(text("k8s.pod.name", "checkout-7d9f8b6c5-x2x" + seed % 9))
                                .addAttributes(text("telemetry.sdk.language", "java")))
                        .addScopeSpans(scope)
                        .setSchemaUrl("https://opentelemetry.io/schemas/1.24.0"))
                .build()
                .toByteArray();
    }

    static Span span(Random random) {
        long start = 1_760_000_000_000_000_000L + random.nextInt(1_000_000_000);
        Span.Builder span = Span.newBuilder()
                .setTraceId(id(16, random))
                .setSpanId(id(8, random))
                .setParentSpanId(id(8, random))
                .setFlags(257)
                .setName("GET /api/orders/{id}")
                .setKind(Span.SpanKind.SPAN_KIND_SERVER)
                .setStartTimeUnixNano(start)
                .setEndTimeUnixNano(start + random.nextInt(1_000_000_000))
                .addAttributes(text("http.request.method", "GET"))
                .addAttributes(text("http.route", "/api/orders/{id}"))
                .addAttributes(number("http.response.status_code", 200))
                .addAttributes(text("server.address", "orders.shop.svc"))
                .addAttributes(number("server.port", 8080))
                .addAttributes(text("network.peer.address", "10.42.0." + (10 + random.nextInt(90))))
                .addAttributes(text("url.scheme", "http"))
                .addAttributes(KeyValue.newBuilder()
                        .setKey("cached")
                        .setValue(AnyValue.newBuilder().setBoolValue(random.nextBoolean())));
        int missing = SPAN_BYTES - span.build().getSerializedSize() - 6 /* tags and lengths */ - 8 /* key */;
        span.addAttributes(text("url.path", "/".repeat(missing - 2)));
        if (span.build().getSerializedSize() != SPAN_BYTES) {
            throw new AssertionError("span of " + span.build().getSerializedSize() + " bytes");
        }
        return span.build();
    }

    private static ByteString id(int length, Random random) {
        byte[] id = new byte[length];
        random.nextBytes(id);
        return ByteString.copyFrom(id);
    }

    private static KeyValue text(String key, String value) {
        return KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setStringValue(value))
                .build();
    }

    private static KeyValue number(String key, long value) {
        return KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setIntValue(value))
                .build();
    }
}
