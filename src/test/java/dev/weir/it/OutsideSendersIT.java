package dev.weir.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.FreePorts;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Senders outside of the mesh: a real Envoy as the ingress gateway, with the token filter, the refusals and the routes of
 * {@code istio/overlays/sidecar-ratio-jwt}, in front of the packaged application. TLS in front of the gateway is left out.
 */
class OutsideSendersIT {

    private static final String HOST = "otlp.example.com";
    private static final String ROOT_NAMESPACE = "istio-system";
    private static final String ISSUER = "https://login.example.com";
    private static final String ENVOY = "type.googleapis.com/envoy.extensions.filters.http.";
    private static final JsonWebToken LOGIN = new JsonWebToken();

    @TempDir
    static Path directory;

    private static final int PORT = FreePorts.next();
    private static RecordingReceiver receiver;
    private static WeirProcess weir;
    private static PeerProcess gateway;

    @BeforeAll
    static void start() {
        Manifests manifests = Manifests.of(directory, "istio/overlays/sidecar-ratio-jwt");
        receiver = new RecordingReceiver();
        weir = WeirProcess.start(directory, receiver.asDestination() + """
                mesh:
                  custom-tags:
                    sender: { header: x-jwt-sub, default: nobody }
                    token: { header: authorization, default: none }
                """);
        gateway = gateway(manifests);
    }

    @AfterAll
    static void stop() {
        Parts.close(gateway, weir, receiver);
    }

    @Test
    void shouldLetWhoShowsATokenThroughAndSayWhoItWas() {
        // When
        String overHttp = MeshCalls.traceId();
        String overGrpc = MeshCalls.traceId();
        HttpResponse<String> answer =
                post("/v1/traces", span(overHttp), "authorization", bearer(), "x-jwt-sub", "forged");
        export(overGrpc, bearer());

        // Then
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        for (String traceId : List.of(overHttp, overGrpc)) {
            await().untilAsserted(() -> assertThat(MeshSpan.ofTrace(receiver, traceId))
                    .singleElement()
                    .satisfies(span -> assertThat(span.resource())
                            .containsEntry("sender", "cart-42")
                            .containsEntry("token", "none")));
        }
    }

    @Test
    void shouldRefuseWhoShowsNoneOrAWrongOne() {
        Instant later = Instant.now().plusSeconds(600);
        double before = weir.metric("weir_receive_requests_total");

        assertThat(status()).isEqualTo(403);
        assertThat(status("Bearer " + new JsonWebToken().issue(ISSUER, "weir", "cart-42", later)))
                .as("signed by another")
                .isEqualTo(401);
        assertThat(status("Bearer "
                        + LOGIN.issue(ISSUER, "weir", "cart-42", Instant.now().minusSeconds(600))))
                .as("expired")
                .isEqualTo(401);
        assertThat(status("Bearer " + LOGIN.issue("https://evil.example.com", "weir", "cart-42", later)))
                .as("of another issuer")
                .isIn(401, 403);
        assertThat(status("Bearer " + LOGIN.issue(ISSUER, "shop", "cart-42", later)))
                .as("for another audience")
                .isEqualTo(403);
        assertThatThrownBy(() -> export(MeshCalls.traceId(), "none"))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode())
                                .isIn(Status.Code.PERMISSION_DENIED, Status.Code.UNAUTHENTICATED));
        assertThat(weir.metric("weir_receive_requests_total")).isEqualTo(before);
    }

    @Test
    void shouldLeadNowhereElse() {
        for (String path : List.of("/api/status", "/q/metrics", "/", "/v1/traces/x", "/v1/../q/metrics")) {
            assertThat(post(path, new byte[0], "authorization", bearer()).statusCode())
                    .as(path)
                    .isEqualTo(403);
        }
    }

    @Test
    void shouldAnswerABrowserThatAsksFirst() {
        HttpResponse<String> answer = send(request("/v1/traces")
                .method("OPTIONS", BodyPublishers.noBody())
                .header("origin", "https://shop.example.com")
                .header("access-control-request-method", "POST"));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("access-control-allow-origin")).contains("https://shop.example.com");
        assertThat(answer.headers().firstValue("access-control-allow-headers")).contains("content-type,authorization");
    }

    private static String bearer() {
        return "Bearer " + LOGIN.issue(ISSUER, "weir", "cart-42", Instant.now().plusSeconds(600));
    }

    private static int status(String... authorization) {
        return (authorization.length == 0
                        ? post("/v1/traces", new byte[0])
                        : post("/v1/traces", new byte[0], "authorization", authorization[0]))
                .statusCode();
    }

    private static HttpResponse<String> post(String path, byte[] body, String... headers) {
        HttpRequest.Builder request =
                request(path).header("content-type", "application/x-protobuf").POST(BodyPublishers.ofByteArray(body));
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://" + HOST + path)).timeout(Duration.ofSeconds(10));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        try (HttpClient client = MeshApplications.throughSidecar(PORT)) {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void export(String traceId, String authorization) {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), authorization);
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", PORT)
                .overrideAuthority(HOST)
                .usePlaintext()
                .build();
        try {
            Channel signed =
                    io.grpc.ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers));
            TraceServiceGrpc.newBlockingStub(signed).export(MeshSender.span(traceId, List.of()));
        } finally {
            channel.shutdownNow();
        }
    }

    private static byte[] span(String traceId) {
        ExportTraceServiceRequest request = MeshSender.span(traceId, List.of());
        return request.toByteArray();
    }

    private static PeerProcess gateway(Manifests manifests) {
        ArrayNode routes = Http.JSON.createArrayNode();
        for (JsonNode route :
                manifests.get("VirtualService", "weir-otlp").path("spec").path("http")) {
            String port = route.at("/route/0/destination/port/number").asText();
            ObjectNode envoy = routes.addObject();
            envoy.set("match", Http.JSON.createObjectNode().setAll((ObjectNode) route.at("/match/0/uri")));
            envoy.set("route", EnvoyUpstream.action(route, "weir-" + port));
            if (route.has("corsPolicy")) {
                envoy.putObject("typed_per_filter_config")
                        .set("envoy.filters.http.cors", EnvoyUpstream.cors(route.path("corsPolicy")));
            }
        }
        List<JsonNode> denying = manifests.ofKind("AuthorizationPolicy").stream()
                .filter(policy -> policy.at("/spec/action").asText().equals("DENY"))
                .toList();
        JsonNode authentication = manifests.get("RequestAuthentication", "weir-senders-outside");
        assertThat(denying).hasSize(2);
        for (JsonNode policy : List.of(authentication, denying.getFirst(), denying.getLast())) {
            assertThat(policy.at("/metadata/namespace").asText())
                    .as("where a selector holds for gateways of all namespaces")
                    .isEqualTo(ROOT_NAMESPACE);
            assertThat(policy.at("/spec/selector/matchLabels"))
                    .isEqualTo(manifests.get("Gateway", "weir-otlp").at("/spec/selector"));
        }
        String config = """
                static_resources:
                  listeners: [ { address: { socket_address: { address: 127.0.0.1, port_value: %d } }, filter_chains: [ { filters: [
                    { name: envoy.filters.network.http_connection_manager, typed_config: {
                      "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager,
                      stat_prefix: gateway, normalize_path: true,
                      route_config: { virtual_hosts: [ { name: otlp, domains: [ "%s" ], routes: %s } ] },
                      http_filters: [ %s, %s, { name: envoy.filters.http.cors, typed_config: { "@type": %scors.v3.Cors } },
                        { name: envoy.filters.http.router, typed_config: { "@type": %srouter.v3.Router } } ] } } ] } ] } ]
                  clusters: [ %s, %s ]
                """.formatted(
                        PORT,
                        HOST,
                        routes,
                        tokens(authentication),
                        EnvoyRbac.denying(denying, Map.of(443, PORT, 8443, PORT)),
                        ENVOY,
                        ENVOY,
                        cluster("weir-4317", weir.grpcPort(), "http2_protocol_options"),
                        cluster("weir-4318", weir.httpPort(), "http_protocol_options"));
        return Peers.envoy(directory, config, Map.of());
    }

    /** The filter that istiod makes of a RequestAuthentication: a wrong token is refused, none at all is not its business. */
    private static String tokens(JsonNode authentication) {
        JsonNode rule = authentication.at("/spec/jwtRules/0");
        EnvoyRbac.known(rule, "issuer", "audiences", "jwksUri", "forwardOriginalToken", "outputClaimToHeaders");
        ObjectNode provider = Http.JSON
                .createObjectNode()
                .put("issuer", rule.path("issuer").asText())
                .put("payload_in_metadata", "payload")
                .put("forward", rule.path("forwardOriginalToken").asBoolean());
        provider.set("audiences", rule.path("audiences"));
        provider.putObject("local_jwks").put("inline_string", LOGIN.keySet());
        for (JsonNode claim : rule.path("outputClaimToHeaders")) {
            provider.withArray("claim_to_headers")
                    .addObject()
                    .put("header_name", claim.path("header").asText())
                    .put("claim_name", claim.path("claim").asText());
        }
        return """
                { name: envoy.filters.http.jwt_authn, typed_config: { "@type": %sjwt_authn.v3.JwtAuthentication,
                  providers: { login: %s },
                  rules: [ { match: { prefix: / }, requires: { requires_any: { requirements: [
                    { provider_name: login }, { allow_missing: {} } ] } } } ], bypass_cors_preflight: true } }\
                """.formatted(ENVOY, provider);
    }

    private static String cluster(String name, int port, String protocol) {
        return """
                { name: %s, type: STATIC, typed_extension_protocol_options: {
                  envoy.extensions.upstreams.http.v3.HttpProtocolOptions: {
                    "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions,
                    explicit_http_config: { %s: {} } } },
                  load_assignment: { cluster_name: %s, endpoints: [ { lb_endpoints: [ { endpoint: {
                    address: { socket_address: { address: 127.0.0.1, port_value: %d } } } } ] } ] } }\
                """.formatted(name, protocol, name, port);
    }
}
