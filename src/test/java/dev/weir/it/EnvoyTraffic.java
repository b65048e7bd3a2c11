package dev.weir.it;

import dev.weir.enrich.envoy.EnvoySpans;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.List;

/** Requests as an Envoy 1.40 of Istio sends them about one workload, through Weir's own sidecar, which names the sender. */
public final class EnvoyTraffic {

    /** Behind which mesh they come. */
    static final String MESH = """
            mesh:
              kind: istio
              identity: spiffe://cluster.local/ns/observability/sa/weir
            """;

    /** The header that the sidecar writes, and what it says of the sender. */
    public static final String HEADER = "x-forwarded-client-cert";

    static final String SENDER = "spiffe://cluster.local/ns/default/sa/productpage";
    public static final String HEADER_VALUE = "By=spiffe://cluster.local/ns/observability/sa/weir;Hash="
            + "9f".repeat(32) + ";Subject=\"\";URI=" + SENDER;

    private EnvoyTraffic() {}

    /** Half of the spans are of requests to the application, half of requests that it made; some 900 bytes each. */
    public static ExportTraceServiceRequest request(int spans) {
        ScopeSpans.Builder scope = ScopeSpans.newBuilder()
                .setScope(InstrumentationScope.newBuilder()
                        .setName("envoy")
                        .setVersion("9e5580933739775e8bce696a57a2e1bc99368f23/1.40.0/Clean/RELEASE/BoringSSL"));
        List<Span> ids =
                Samples.spans("ids", spans).getResourceSpans(0).getScopeSpans(0).getSpansList();
        for (int i = 0; i < spans; i++) {
            boolean inbound = i % 2 == 0;
            Span span = inbound
                    ? EnvoySpans.inbound().span()
                    : EnvoySpans.outbound().span();
            scope.addSpans(span.toBuilder()
                    .setTraceId(ids.get(i).getTraceId())
                    .setSpanId(ids.get(i).getSpanId())
                    .setParentSpanId(ids.get(i).getParentSpanId())
                    .setName(
                            inbound
                                    ? "productpage.default.svc.cluster.local:9080/*"
                                    : "reviews.default.svc.cluster.local:8080/*")
                    .setStartTimeUnixNano(ids.get(i).getStartTimeUnixNano())
                    .setEndTimeUnixNano(ids.get(i).getEndTimeUnixNano())
                    .setFlags(0x301));
        }
        Resource resource = Resource.newBuilder()
                .addAttributes(Samples.attribute("service.name", "productpage.default"))
                .addAttributes(Samples.attribute("telemetry.sdk.language", "cpp"))
                .addAttributes(Samples.attribute("telemetry.sdk.name", "envoy"))
                .addAttributes(Samples.attribute(
                        "telemetry.sdk.version",
                        "9e5580933739775e8bce696a57a2e1bc99368f23/1.40.0/Clean/RELEASE/BoringSSL"))
                .build();
        return ExportTraceServiceRequest.newBuilder()
                .addResourceSpans(
                        ResourceSpans.newBuilder().setResource(resource).addScopeSpans(scope))
                .build();
    }
}
