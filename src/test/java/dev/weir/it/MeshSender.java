package dev.weir.it;

import dev.weir.it.MeshCertificates.Workload;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.netty.handler.ssl.SslContextBuilder;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** A workload of the mesh that does as it likes: it calls Weir's sidecar with its own certificate, and whatever headers. */
final class MeshSender implements AutoCloseable {

    private static final Metadata.Key<String> FORWARDED =
            Metadata.Key.of("x-forwarded-client-cert", Metadata.ASCII_STRING_MARSHALLER);

    private final ManagedChannel channel;

    MeshSender(EnvoyChain chain, Workload workload) {
        this(chain.weirInbound(), chain.certificates, workload);
    }

    /**
     * @param port of the sidecar in front of Weir, or of Weir's own door
     * @param workload null for one without a certificate
     */
    MeshSender(int port, MeshCertificates certificates, @Nullable Workload workload) {
        try {
            SslContextBuilder ssl = GrpcSslContexts.forClient()
                    .trustManager(certificates.authority().toFile());
            if (workload != null) {
                ssl.keyManager(workload.certificate().toFile(), workload.key().toFile());
            }
            channel = NettyChannelBuilder.forAddress("127.0.0.1", port)
                    .overrideAuthority(IstioProxy.WEIR_HOST)
                    .sslContext(ssl.build())
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Sends with lines of {@code x-forwarded-client-cert} that it wrote itself. */
    void send(ExportTraceServiceRequest request, String... forwarded) {
        Metadata headers = new Metadata();
        for (String line : forwarded) {
            headers.put(FORWARDED, line);
        }
        TraceServiceGrpc.newBlockingStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                .withDeadlineAfter(10, TimeUnit.SECONDS)
                .export(request);
    }

    /** One server span of a proxy. */
    static ExportTraceServiceRequest span(String traceId, List<KeyValue> resource, KeyValue... attributes) {
        long now = System.currentTimeMillis() * 1_000_000;
        Span.Builder span = Span.newBuilder()
                .setTraceId(
                        com.google.protobuf.ByteString.copyFrom(HexFormat.of().parseHex(traceId)))
                .setSpanId(Samples.traceId().substring(0, 8))
                .setName("reviews.default.svc.cluster.local:8080/*")
                .setKind(Span.SpanKind.SPAN_KIND_SERVER)
                .setStartTimeUnixNano(now - 1_000_000)
                .setEndTimeUnixNano(now)
                .addAllAttributes(List.of(attributes));
        return ExportTraceServiceRequest.newBuilder()
                .addResourceSpans(ResourceSpans.newBuilder()
                        .setResource(Resource.newBuilder().addAllAttributes(resource))
                        .addScopeSpans(ScopeSpans.newBuilder()
                                .setScope(InstrumentationScope.newBuilder().setName("envoy"))
                                .addSpans(span)))
                .build();
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
