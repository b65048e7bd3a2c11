package dev.weir.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weir.it.MeshCertificates.Workload;
import dev.weir.tls.Certificates;
import dev.weir.tls.PeerPrincipal;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both doors and destinations of both protocols over mutual TLS, with certificates that are renewed while it runs. */
class TlsIT {

    /** The files are looked at every ten seconds, and may be seen half replaced at first. */
    private static final Duration RENEWED_WITHIN = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private MeshCertificates mesh;
    private Workload cart;
    private TlsReceivers receivers;
    private WeirProcess weir;

    @BeforeEach
    void start() throws IOException {
        mesh = new MeshCertificates(directory);
        cart = mesh.workload("shop", "cart");
        use(mesh.workload("observability", "weir", IstioProxy.WEIR_HOST));
        Files.copy(mesh.authority(), file("destinations.pem"));
        receivers = new TlsReceivers(mesh, mesh.workload("observability", "jaeger", "localhost"));
        String destination = """
                  %s:
                    protocol: %s
                    endpoint: "https://localhost:%d"
                    retry: { initial: 100ms, max: 500ms }
                    tls: { ca-file: destinations.pem, cert-file: weir.crt, key-file: weir.key }
                """;
        String config = "export:\n"
                + destination.formatted("tracing", "grpc", receivers.grpcPort())
                + destination.formatted("archive", "http/protobuf", receivers.httpPort());
        weir = WeirProcess.start(directory, config, doors(), List.of());
    }

    @AfterEach
    void stop() {
        if (weir != null) {
            weir.close();
        }
        if (receivers != null) {
            receivers.close();
        }
    }

    @Test
    void shouldTakeFromVerifiedSendersAndForwardAsItself() throws ExecutionException {
        // Given
        ExportTraceServiceRequest overGrpc = Samples.spans("tls-grpc", 10);
        ExportTraceServiceRequest overHttp = Samples.spans("tls-http", 10);

        // When
        send(overGrpc, overHttp);

        // Then
        weir.awaitBalancedLedger();
        Items expected = Items.of(verified(overGrpc), verified(overHttp));
        assertThat(expected.difference(receivers.overGrpc())).isEmpty();
        assertThat(expected.difference(receivers.overHttp())).isEmpty();
        String self = MeshCertificates.spiffeId("observability", "weir");
        assertThat(receivers.grpcClients()).containsExactly(self);
        assertThat(receivers.httpClients()).containsExactly(self);
    }

    @Test
    void shouldTurnAwayWhoShowsNoCertificateOfTheMesh() throws IOException {
        Workload stranger = new MeshCertificates(Files.createDirectory(file("strange"))).workload("shop", "cart");
        byte[] body = Samples.spans("turned away", 1).toByteArray();

        for (Workload sender : new Workload[] {null, stranger}) {
            try (MeshSender client = new MeshSender(weir.grpcPort(), mesh, sender);
                    MeshHttp http = new MeshHttp(mesh, sender)) {
                assertUnavailable(() -> client.send(Samples.spans("turned away", 1)));
                assertThatThrownBy(() -> http.post(weir.httpPort(), "/v1/traces", body))
                        .isInstanceOf(ExecutionException.class);
            }
        }
        try (OtlpClient plain = new OtlpClient(weir.grpcPort())) {
            assertUnavailable(() -> plain.export(Samples.spans("turned away", 1)));
        }
        assertThatThrownBy(() -> Http.post(weir.httpUrl() + "/v1/traces", "application/x-protobuf", body))
                .isInstanceOf(java.io.UncheckedIOException.class);

        assertThat(weir.metric("weir_received_items_total")).isZero();
    }

    @Test
    void shouldTakeRenewedCertificatesWhileItRuns() throws Exception {
        // Given
        send(Samples.spans("before", 10), Samples.spans("before", 10));
        weir.awaitBalancedLedger();
        assertThat(shown(weir.grpcPort())).isEqualTo(MeshCertificates.spiffeId("observability", "weir"));

        // When: its own certificate, and the authority that its destinations' certificates are from
        MeshCertificates another = new MeshCertificates(Files.createDirectory(file("another")));
        Workload renewed = mesh.workload("observability", "weir-renewed", IstioProxy.WEIR_HOST);
        use(renewed);
        replace(another.authority(), "destinations.pem");
        receivers.restart(another.workload("observability", "jaeger", "localhost"));

        // Then: senders see the new one
        for (int port : new int[] {weir.grpcPort(), weir.httpPort()}) {
            await().atMost(RENEWED_WITHIN)
                    .untilAsserted(() -> assertThat(shown(port)).isEqualTo(renewed.spiffeId()));
        }

        // And destinations too
        send(Samples.spans("after", 10), Samples.spans("after", 10));
        await().atMost(RENEWED_WITHIN).untilAsserted(() -> {
            assertThat(receivers.overGrpc().count()).isEqualTo(20);
            assertThat(receivers.overHttp().count()).isEqualTo(20);
        });
        assertThat(receivers.grpcClients()).containsExactly(renewed.spiffeId());
        assertThat(receivers.httpClients()).containsExactly(renewed.spiffeId());
        weir.awaitBalancedLedger();
    }

    private void send(ExportTraceServiceRequest overGrpc, ExportTraceServiceRequest overHttp)
            throws ExecutionException {
        try (MeshSender client = new MeshSender(weir.grpcPort(), mesh, cart);
                MeshHttp http = new MeshHttp(mesh, cart)) {
            client.send(overGrpc);
            assertThat(http.post(weir.httpPort(), "/v1/traces", overHttp.toByteArray())
                            .status())
                    .isEqualTo(200);
        }
    }

    /** With what Weir adds about the sender whose certificate it has checked. */
    private static ExportTraceServiceRequest verified(ExportTraceServiceRequest request) {
        ResourceSpans.Builder spans = request.getResourceSpans(0).toBuilder();
        for (KeyValue attribute : List.of(
                Samples.attribute("mesh.client.principal", MeshCertificates.spiffeId("shop", "cart")),
                Samples.attribute("mesh.client.trust_domain", "cluster.local"),
                Samples.attribute("mesh.client.namespace", "shop"),
                Samples.attribute("mesh.client.service_account", "cart"))) {
            spans.getResourceBuilder().addAttributes(attribute);
        }
        return request.toBuilder().setResourceSpans(0, spans).build();
    }

    private static void assertUnavailable(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        refusal -> assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE));
    }

    private Map<String, String> doors() {
        return Map.of(
                "WEIR_RECEIVE_GRPC_TLS_CERT_FILE", file("weir.crt").toString(),
                "WEIR_RECEIVE_GRPC_TLS_KEY_FILE", file("weir.key").toString(),
                "WEIR_RECEIVE_GRPC_TLS_CA_FILE", mesh.authority().toString(),
                "WEIR_RECEIVE_HTTP_TLS_CERT_FILE", file("weir.crt").toString(),
                "WEIR_RECEIVE_HTTP_TLS_KEY_FILE", file("weir.key").toString(),
                "WEIR_RECEIVE_HTTP_TLS_CA_FILE", mesh.authority().toString());
    }

    /** From now on these are Weir's certificate and key. */
    private void use(Workload identity) throws IOException {
        replace(identity.certificate(), "weir.crt");
        replace(identity.key(), "weir.key");
    }

    /** At once, so that no half of a file is read. */
    private void replace(Path by, String name) throws IOException {
        Path copy = Files.copy(by, file(name + ".new"));
        Files.move(copy, file(name), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Whose certificate a door shows, whoever asks. */
    private String shown(int port) throws Exception {
        SSLContext context = Certificates.trusting(mesh.authority());
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
            socket.startHandshake();
            return PeerPrincipal.of(socket.getSession());
        }
    }

    private Path file(String name) {
        return directory.resolve(name);
    }
}
