package dev.weir.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.it.MeshCertificates.Workload;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who the packaged application says has sent something, without an Envoy in front: by certificates, and behind Linkerd's proxy. */
class SenderIdentityIT {

    private static final String WEIR = MeshCertificates.spiffeId("observability", "weir");
    private static final String CART = MeshCertificates.spiffeId("shop", "cart");
    private static final String CART_OF_LINKERD = "cart.shop.serviceaccount.identity.linkerd.cluster.local";

    @TempDir
    Path directory;

    @Test
    void shouldNameAClientByTheCertificateThatWeirChecked() {
        MeshCertificates certificates = new MeshCertificates(directory);
        Workload cart = certificates.workload("shop", "cart");
        try (RecordingReceiver receiver = new RecordingReceiver();
                WeirProcess weir = overTls(certificates, receiver, "required");
                MeshSender client = new MeshSender(weir.grpcPort(), certificates, cart)) {
            // When
            String traceId = MeshCalls.traceId();
            client.send(MeshSender.span(traceId, List.of()), "By=" + WEIR + ";URI=" + WEIR);

            // Then
            assertIsCarts(receiver, traceId);
        }
    }

    @Test
    void shouldNotBelieveTheHeaderOfAClientWithoutACertificate() throws Exception {
        MeshCertificates certificates = new MeshCertificates(directory);
        try (RecordingReceiver receiver = new RecordingReceiver();
                WeirProcess weir = overTls(certificates, receiver, "optional")) {
            Metadata headers = new Metadata();
            headers.put(
                    Metadata.Key.of("x-forwarded-client-cert", Metadata.ASCII_STRING_MARSHALLER),
                    "By=" + WEIR + ";URI=" + CART);
            ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", weir.grpcPort())
                    .overrideAuthority(IstioProxy.WEIR_HOST)
                    .sslContext(GrpcSslContexts.forClient()
                            .trustManager(certificates.authority().toFile())
                            .build())
                    .intercept(MetadataUtils.newAttachHeadersInterceptor(headers))
                    .build();
            // When
            String traceId = MeshCalls.traceId();
            try {
                TraceServiceGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(10, TimeUnit.SECONDS)
                        .export(MeshSender.span(traceId, List.of()));
            } finally {
                channel.shutdownNow();
            }

            // Then
            assertThat(arrived(receiver, traceId).resource()).doesNotContainKey("mesh.client.principal");
            assertThat(weir.metric("weir_sender_identity_requests_total", "outcome=\"over_tls\""))
                    .isEqualTo(1);
        }
    }

    @Test
    void shouldBelieveLinkerdsProxyOverGrpcAndHttp() throws Exception {
        try (RecordingReceiver receiver = new RecordingReceiver();
                WeirProcess weir = WeirProcess.start(directory, receiver.asDestination() + "mesh: { kind: linkerd }");
                RawOtlp.Client grpc = new RawOtlp.Client(weir.grpcPort(), 1, Map.of("l5d-client-id", CART_OF_LINKERD));
                HttpClient http = HttpClient.newHttpClient()) {
            // When
            String overGrpc = MeshCalls.traceId();
            String overHttp = MeshCalls.traceId();
            ExportTraceServiceRequest request = MeshSender.span(overHttp, List.of());
            grpc.send(MeshSender.span(overGrpc, List.of()).toByteArray(), 1);
            int status = http.send(
                            HttpRequest.newBuilder(URI.create(weir.httpUrl() + "/v1/traces"))
                                    .header("content-type", "application/x-protobuf")
                                    .header("l5d-client-id", CART_OF_LINKERD)
                                    .POST(BodyPublishers.ofByteArray(request.toByteArray()))
                                    .build(),
                            BodyHandlers.discarding())
                    .statusCode();

            // Then
            assertThat(status).isEqualTo(200);
            assertIsCarts(receiver, overGrpc);
            assertIsCarts(receiver, overHttp);
            assertThat(weir.metric("weir_sender_identity_requests_total", "outcome=\"verified\""))
                    .isEqualTo(2);
        }
    }

    /** Where there is no cluster, with what is the default of {@code weir.mesh.kubernetes}. */
    @Test
    void shouldSayOnceThatPodsAreNotLookedUp() {
        try (RecordingReceiver receiver = new RecordingReceiver();
                WeirProcess weir = WeirProcess.start(
                        directory, receiver.asDestination(), Map.of("KUBERNETES_SERVICE_HOST", ""), List.of())) {
            String traceId = MeshCalls.traceId();
            try (OtlpClient client = new OtlpClient(weir.grpcPort())) {
                client.export(MeshSender.span(traceId, List.of(Samples.attribute("k8s.pod.uid", "of-a-pod"))));
            }
            arrived(receiver, traceId);

            assertThat(weir.status().at("/kubernetes/state").asText()).isEqualTo("OFF");
            assertThat(weir.output()).containsOnlyOnce("pods are not looked up: this is no Kubernetes cluster");
        }
    }

    private WeirProcess overTls(MeshCertificates certificates, RecordingReceiver receiver, String clients) {
        Workload own = certificates.workload("observability", "weir", IstioProxy.WEIR_HOST);
        return WeirProcess.start(
                directory,
                receiver.asDestination() + "mesh: { kind: istio, identity: \"" + WEIR + "\" }",
                Map.of(
                        "WEIR_RECEIVE_GRPC_TLS_CERT_FILE", own.certificate().toString(),
                        "WEIR_RECEIVE_GRPC_TLS_KEY_FILE", own.key().toString(),
                        "WEIR_RECEIVE_GRPC_TLS_CA_FILE",
                                certificates.authority().toString(),
                        "WEIR_RECEIVE_GRPC_TLS_CLIENT_AUTH", clients),
                List.of());
    }

    private static void assertIsCarts(RecordingReceiver receiver, String traceId) {
        assertThat(arrived(receiver, traceId).resource())
                .containsEntry("mesh.client.principal", CART)
                .containsEntry("mesh.client.trust_domain", "cluster.local")
                .containsEntry("mesh.client.namespace", "shop")
                .containsEntry("mesh.client.service_account", "cart");
    }

    private static MeshSpan arrived(RecordingReceiver receiver, String traceId) {
        return await().atMost(Duration.ofSeconds(20))
                .until(() -> MeshSpan.ofTrace(receiver, traceId), found -> !found.isEmpty())
                .getFirst();
    }
}
