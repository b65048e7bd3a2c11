package dev.weir.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.FreePorts;
import dev.weir.it.MeshCertificates.Workload;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Who gets through the sidecar in front of Weir: a real Envoy with mutual TLS and the RBAC filter that istiod would make of the
 * AuthorizationPolicies in {@code istio/overlays/sidecar-ratio}, in front of the packaged application.
 */
class FrontProxyIT {

    private static final String FORBIDDEN = "RBAC: access denied";

    @TempDir
    static Path directory;

    private static final int[] PORT = FreePorts.next(3);
    private static Manifests manifests;
    private static MeshCertificates certificates;
    private static RecordingReceiver receiver;
    private static WeirProcess weir;
    private static PeerProcess sidecar;
    private static Workload own;
    private static Workload cart;
    private static Workload thief;

    @BeforeAll
    static void start() throws IOException {
        manifests = Manifests.of(directory, "istio/overlays/sidecar-ratio");
        certificates = new MeshCertificates(directory);
        own = certificates.workload("observability", "weir", IstioProxy.WEIR_HOST);
        cart = certificates.workload("shop", "cart");
        thief = certificates.workload("shop-evil", "thief");
        receiver = new RecordingReceiver();
        weir = WeirProcess.start(directory, receiver.asDestination(), variables(), List.of());
        sidecar = sidecar("sidecar", PORT, manifests.ofKind("AuthorizationPolicy"));
    }

    @AfterAll
    static void stop() {
        Parts.close(sidecar, weir, receiver);
    }

    @Test
    void shouldHaveEveryPolicySelectWeirsPods() {
        JsonNode labels = manifests
                .get("Deployment", "weir")
                .path("spec")
                .path("template")
                .path("metadata")
                .path("labels");
        List<JsonNode> policies = manifests.all().stream()
                .filter(document -> document.path("apiVersion").asText().startsWith("security.istio.io/"))
                .toList();

        assertThat(policies).hasSizeGreaterThanOrEqualTo(3).allSatisfy(policy -> {
            assertThat(policy.path("metadata").path("namespace").asText()).isEqualTo("observability");
            JsonNode selected = policy.path("spec").path("selector").path("matchLabels");
            assertThat(selected).isNotEmpty();
            selected.properties()
                    .forEach(label -> assertThat(labels.path(label.getKey())).isEqualTo(label.getValue()));
        });
        assertThat(manifests
                        .get("PeerAuthentication", "weir")
                        .path("spec")
                        .path("mtls")
                        .path("mode")
                        .asText())
                .as("what the sidecar here asks of everybody")
                .isEqualTo("STRICT");
    }

    @Test
    void shouldLetAnAllowedSenderThroughAndKnowIt() throws ExecutionException {
        // When
        String overGrpc = MeshCalls.traceId();
        String overHttp = MeshCalls.traceId();
        try (MeshSender grpc = new MeshSender(PORT[0], certificates, cart);
                MeshHttp http = new MeshHttp(certificates, cart)) {
            grpc.send(span(overGrpc));
            assertThat(http.post(PORT[1], "/v1/traces", span(overHttp).toByteArray())
                            .status())
                    .isEqualTo(200);
        }

        // Then
        for (String traceId : List.of(overGrpc, overHttp)) {
            await().untilAsserted(() -> assertThat(MeshSpan.ofTrace(receiver, traceId))
                    .singleElement()
                    .satisfies(span -> assertThat(span.resource())
                            .containsEntry("mesh.client.principal", cart.spiffeId())
                            .containsEntry("mesh.client.namespace", "shop")));
        }
    }

    @Test
    void shouldRefuseASenderOfAnotherNamespace() throws ExecutionException {
        double before = requests();
        try (MeshSender grpc = new MeshSender(PORT[0], certificates, thief);
                MeshHttp http = new MeshHttp(certificates, thief)) {
            assertThatThrownBy(() -> grpc.send(span(MeshCalls.traceId())))
                    .isInstanceOfSatisfying(
                            StatusRuntimeException.class,
                            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED));
            for (String signal : List.of("traces", "metrics", "logs")) {
                assertThat(http.post(PORT[1], "/v1/" + signal, new byte[0]))
                        .isEqualTo(new MeshHttp.Answer(403, FORBIDDEN));
            }
        }
        assertThat(requests()).as("requests that Weir saw").isEqualTo(before);
    }

    @Test
    void shouldRefuseAnAllowedSenderWhatIsNoExport() throws ExecutionException {
        try (MeshHttp http = new MeshHttp(certificates, cart)) {
            assertThat(http.get(PORT[1], "/v1/traces").status()).isEqualTo(403);
            assertThat(http.post(PORT[1], "/", new byte[0]).status()).isEqualTo(403);
            assertThat(http.post(PORT[1], "/v1/traces/../../api/status", new byte[0])
                            .status())
                    .isEqualTo(403);
            assertThat(http.post(PORT[1], "/opentelemetry.proto.collector.trace.v1.TraceService/Export", new byte[0])
                            .status())
                    .as("a path of the other port")
                    .isEqualTo(403);
        }
    }

    @Test
    void shouldKeepSendersFromTheAdminPort() throws ExecutionException {
        for (Workload sender : List.of(cart, thief)) {
            try (MeshHttp http = new MeshHttp(certificates, sender)) {
                for (String path : List.of("/", "/q/metrics", "/q/health/ready", "/api/status", "/api/traces")) {
                    assertThat(http.get(PORT[2], path))
                            .as(sender.spiffeId() + path)
                            .isEqualTo(new MeshHttp.Answer(403, FORBIDDEN));
                }
                assertThat(http.post(PORT[2], "/v1/traces", new byte[0]).status())
                        .as("what they may on another port")
                        .isEqualTo(403);
            }
        }
    }

    @Test
    void shouldShowMetricsToPrometheusAndTheRestToOperators() throws ExecutionException {
        Workload prometheus = certificates.workload("observability", "prometheus");
        Workload operator = certificates.workload("observability", "weir-operators");
        try (MeshHttp http = new MeshHttp(certificates, prometheus)) {
            assertThat(http.get(PORT[2], "/q/metrics").body()).contains("weir_build_info");
            assertThat(http.get(PORT[2], "/api/traces").status()).isEqualTo(403);
            assertThat(http.post(PORT[1], "/v1/traces", new byte[0]).status()).isEqualTo(403);
        }
        try (MeshHttp http = new MeshHttp(certificates, operator)) {
            assertThat(http.get(PORT[2], "/api/status").status()).isEqualTo(200);
            assertThat(http.get(PORT[2], "/q/health/ready").status()).isEqualTo(200);
        }
    }

    @Test
    void shouldRefuseWhoHasNoCertificateOfTheMesh() throws IOException {
        MeshCertificates others = new MeshCertificates(Files.createDirectories(directory.resolve("other-mesh")));
        Workload cartOfAnotherMesh = others.workload("shop", "cart");
        try (MeshHttp none = new MeshHttp(certificates, null);
                MeshHttp stranger = new MeshHttp(certificates, cartOfAnotherMesh)) {
            for (int port : PORT) {
                assertThatThrownBy(() -> none.get(port, "/q/metrics")).isInstanceOf(ExecutionException.class);
                assertThatThrownBy(() -> stranger.get(port, "/q/metrics")).isInstanceOf(ExecutionException.class);
                assertThatThrownBy(() -> Http.get("http://127.0.0.1:" + port + "/q/metrics"))
                        .isInstanceOf(UncheckedIOException.class);
            }
        }
    }

    /** By the names that docs/troubleshooting.md looks for, of which Istio's proxies keep those that the annotation names. */
    @Test
    void shouldCountWhoWasRefused() throws ExecutionException {
        Pattern kept = Pattern.compile("listener.*ssl[.](connection_error|fail_verify_.*|no_certificate)");
        assertThat(manifests
                        .get("Deployment", "weir")
                        .at("/spec/template/metadata/annotations/proxy.istio.io~1config")
                        .asText())
                .contains(kept.pattern());
        try (MeshHttp refused = new MeshHttp(certificates, thief);
                MeshHttp none = new MeshHttp(certificates, null)) {
            refused.get(PORT[2], "/");
            assertThatThrownBy(() -> none.get(PORT[2], "/")).isInstanceOf(ExecutionException.class);
        }
        assertThatThrownBy(() -> Http.get("http://127.0.0.1:" + PORT[2] + "/"))
                .isInstanceOf(UncheckedIOException.class);

        List<String> grown = Http.get(sidecar.url("admin") + "/stats")
                .body()
                .lines()
                .filter(line -> !line.endsWith(": 0"))
                .toList();
        assertThat(grown).anyMatch(line -> line.contains("rbac.denied: "));
        assertThat(grown.stream()
                        .map(line -> line.replaceAll(": .*", ""))
                        .filter(name -> kept.matcher(name).matches()))
                .anyMatch(name -> name.endsWith("ssl.fail_verify_no_cert"))
                .anyMatch(name -> name.endsWith("ssl.connection_error"));
    }

    /** What the others would be worth if they could not fail. */
    @Test
    void shouldSeeAnEmptyRuleLetEverybodyIn() throws IOException, ExecutionException {
        Manifests open = Manifests.parse("""
                kind: AuthorizationPolicy
                metadata: { name: open }
                spec: { action: ALLOW, rules: [ {} ] }
                """);
        int[] port = FreePorts.next(3);
        try (PeerProcess proxy = sidecar("open", port, open.all());
                MeshHttp http = new MeshHttp(certificates, thief)) {
            assertThat(proxy.process().isAlive()).isTrue();
            assertThat(http.get(port[2], "/api/status").status()).isEqualTo(200);
        }
    }

    /** The sidecar of Weir's pod; 4317, 4318 and 8888 stand on these ports. */
    private static PeerProcess sidecar(String name, int[] port, List<JsonNode> policies) throws IOException {
        return new IstioProxy(EnvoyChain.WEIR, own, certificates.authority(), port[0])
                .untraced()
                .authorize(EnvoyRbac.filter(policies, Map.of(4317, port[0], 4318, port[1], 8888, port[2])))
                .inbound(port[0], 4317, true, weir.grpcPort(), "")
                .inbound(port[1], 4318, false, weir.httpPort(), "")
                .inbound(port[2], 8888, false, weir.adminPort(), "")
                .start(Files.createDirectories(directory.resolve(name)), Map.of());
    }

    /** The settings that the Deployment gives to Weir beside its file. */
    private static Map<String, String> variables() {
        JsonNode containers = manifests
                .get("Deployment", "weir")
                .path("spec")
                .path("template")
                .path("spec")
                .path("containers");
        Map<String, String> variables = new TreeMap<>();
        for (JsonNode variable : Manifests.element(containers, "name", "weir").path("env")) {
            if (variable.path("name").asText().startsWith("WEIR_")) {
                variables.put(
                        variable.path("name").asText(), variable.path("value").asText());
            }
        }
        assertThat(variables)
                .containsKeys("WEIR_MESH_KIND", "WEIR_MESH_IDENTITY", "WEIR_RECEIVE_GRPC_LIMITS_HEADER_SIZE");
        return variables;
    }

    private static ExportTraceServiceRequest span(String traceId) {
        return MeshSender.span(traceId, List.of());
    }

    /** Requests that reached one of the doors. */
    private static double requests() {
        return weir.metric("weir_receive_requests_total");
    }
}
