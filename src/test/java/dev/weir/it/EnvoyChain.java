package dev.weir.it;

import static dev.weir.it.IstioProxy.WEIR_HOST;
import static dev.weir.it.IstioProxy.host;
import static dev.weir.it.IstioProxy.outbound;
import static dev.weir.it.IstioProxy.route;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.FreePorts;
import dev.weir.it.IstioProxy.Pod;
import dev.weir.it.MeshCertificates.Workload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/**
 * A small mesh of real Envoys: {@code istio-ingressgateway → productpage → reviews}, each of which exports its spans with
 * mutual TLS through the sidecar in front of Weir. That one copies what it lets through to {@link #before}; what Weir makes
 * of it arrives at {@link #after}.
 */
final class EnvoyChain implements AutoCloseable {

    static final Pod GATEWAY =
            new Pod("router", "istio-ingressgateway", "istio-ingressgateway-5d8f-x2x9k", "istio-system", "10.244.1.5");
    static final Pod PRODUCTPAGE =
            new Pod("sidecar", "productpage", "productpage-v1-6c5d-8rqzt", "default", "10.244.1.7");
    static final Pod REVIEWS = new Pod("sidecar", "reviews", "reviews-v1-7d9f-kk2lp", "default", "10.244.2.9");
    static final Pod WEIR = new Pod("sidecar", "weir", "weir-0", "observability", "10.244.3.3");

    static final String REVIEWS_HOST = "reviews.default.svc.cluster.local";

    /** Weir behind a sidecar of Istio's. */
    static final String MESH = """
            mesh:
              kind: istio
              identity: spiffe://cluster.local/ns/observability/sa/weir
              relays: [ spiffe://cluster.local/ns/observability/sa/otel-agent ]
              hosts: [ weir.observability.svc.cluster.local ]
            """;

    /** As the manifests for a sidecar have it. */
    private static final Map<String, String> ENVIRONMENT = Map.of("WEIR_RECEIVE_GRPC_LIMITS_HEADER_SIZE", "64KiB");

    private static final String RETRIES =
            "retry_policy: { retry_on: \"connect-failure,refused-stream,unavailable,cancelled,5xx\", num_retries: 2 },";

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    final RecordingReceiver before = add(new RecordingReceiver());
    final RecordingReceiver after = add(new RecordingReceiver());
    final MeshCertificates certificates;
    final Workload productpage;
    final WeirProcess weir;
    private final Path directory;
    private final int[] port = FreePorts.next(8);

    /** @param mesh stands under {@code weir:}, beside the destination */
    EnvoyChain(Path directory, String mesh) {
        this(directory, mesh, Map.of());
    }

    /** @param environment further variables of Weir's */
    EnvoyChain(Path directory, String mesh, Map<String, String> environment) {
        this.directory = directory;
        Map<String, String> variables = new HashMap<>(ENVIRONMENT);
        variables.putAll(environment);
        try {
            certificates = new MeshCertificates(directory);
            productpage = certificates.workload("default", "bookinfo-productpage");
            weir = add(WeirProcess.start(directory, after.asDestination() + mesh, variables, List.of()));
            MeshApplications applications = add(new MeshApplications(productpageOutbound()));
            add(weirSidecar().start(sub("weir"), Map.of()));
            add(reviewsSidecar(applications).start(sub("reviews"), Map.of()));
            add(productpageSidecar(applications).start(sub("productpage"), Map.of()));
            add(gateway().start(sub("gateway"), Map.of()));
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** Where users call: the gateway, which leads to productpage. */
    int gatewayPort() {
        return port[0];
    }

    /** Where the application productpage calls others. */
    int productpageOutbound() {
        return port[1];
    }

    /** Where the mesh calls Weir's OTLP/gRPC, with mutual TLS. */
    int weirInbound() {
        return port[2];
    }

    /** The spans of a trace as they left Weir, once there are so many; more is a fault. */
    List<MeshSpan> await(String traceId, int count) {
        return await(after, traceId, count);
    }

    /** The same as the proxies sent them. */
    List<MeshSpan> awaitBefore(String traceId, int count) {
        return await(before, traceId, count);
    }

    private static List<MeshSpan> await(RecordingReceiver receiver, String traceId, int count) {
        List<MeshSpan> spans = Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> MeshSpan.ofTrace(receiver, traceId), found -> found.size() >= count);
        assertThat(spans).hasSize(count);
        return spans;
    }

    @Override
    public void close() {
        while (!parts.isEmpty()) {
            Parts.close(parts.pop());
        }
    }

    private IstioProxy weirSidecar() {
        Workload own = certificates.workload("observability", "weir", WEIR_HOST);
        return new IstioProxy(WEIR, own, certificates.authority(), weirInbound())
                .inbound(
                        weirInbound(),
                        4317,
                        true,
                        weir.grpcPort(),
                        "request_mirror_policies: [ { cluster: before, trace_sampled: false } ],")
                .inbound(port[3], 4318, false, weir.httpPort(), "")
                .plain("before", before.port(), true);
    }

    private IstioProxy reviewsSidecar(MeshApplications applications) {
        Workload own = certificates.workload("default", "bookinfo-reviews");
        return new IstioProxy(REVIEWS, own, certificates.authority(), weirInbound())
                .inbound(port[4], 8080, false, applications.reviews(), "")
                .inbound(port[5], 9090, true, applications.reviewsGrpc(), "");
    }

    private IstioProxy productpageSidecar(MeshApplications applications) {
        String reviews = outbound(8080, REVIEWS_HOST);
        String reviewsGrpc = outbound(9090, REVIEWS_HOST);
        String ratings = outbound(8080, "ratings.default.svc.cluster.local");
        String weirHttp = outbound(4318, WEIR_HOST);
        IstioProxy proxy = new IstioProxy(PRODUCTPAGE, productpage, certificates.authority(), weirInbound());
        return proxy.inbound(port[6], 9080, false, applications.productpage(), "")
                .listen(
                        productpageOutbound(),
                        "stat_prefix: \"outbound_0.0.0.0_8080;\",",
                        proxy.accessLog(),
                        host(
                                "reviews:8080",
                                REVIEWS_HOST,
                                route("prefix: /shop.", reviewsGrpc, REVIEWS_HOST + ":9090/*", ""),
                                route("prefix: /flaky", reviews, REVIEWS_HOST + ":8080/*", RETRIES),
                                route("prefix: /slow", reviews, REVIEWS_HOST + ":8080/*", "timeout: 0.3s,"),
                                route("prefix: /", reviews, REVIEWS_HOST + ":8080/*", "timeout: 0s,")),
                        host(
                                "ratings:8080",
                                "ratings.default.svc.cluster.local",
                                route("prefix: /", ratings, "ratings.default.svc.cluster.local:8080/*", "")),
                        host("weir:4318", WEIR_HOST, route("prefix: /", weirHttp, WEIR_HOST + ":4318/*", "")),
                        host(
                                "block_all",
                                "blocked.example.com",
                                route("prefix: /", "BlackHoleCluster", "block_all", "")),
                        host("allow_any", "*", route("prefix: /", "PassthroughCluster", "allow_any", "")))
                .http1(reviews, port[4])
                .http2(reviewsGrpc, port[5])
                .http1(ratings, port[7])
                .http1(weirHttp, port[3])
                .rawCluster("{ name: BlackHoleCluster, type: STATIC }")
                .plain("PassthroughCluster", applications.reviews(), false)
                .stats();
    }

    private IstioProxy gateway() {
        Workload own = certificates.workload("istio-system", "istio-ingressgateway");
        String cluster = outbound(9080, "productpage.default.svc.cluster.local");
        return new IstioProxy(GATEWAY, own, certificates.authority(), weirInbound())
                .listen(
                        gatewayPort(),
                        """
                        stat_prefix: "outbound_0.0.0.0_8080;", use_remote_address: true,
                        forward_client_cert_details: SANITIZE_SET,
                        """,
                        "",
                        host(
                                "bookinfo.example.com:80",
                                "*",
                                route("prefix: /", cluster, "productpage.default.svc.cluster.local:9080/*", RETRIES)))
                .http1(cluster, port[6]);
    }

    private Path sub(String name) {
        try {
            return Files.createDirectories(directory.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private <T extends AutoCloseable> T add(T part) {
        parts.push(part);
        return part;
    }
}
