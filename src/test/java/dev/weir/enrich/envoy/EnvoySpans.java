package dev.weir.enrich.envoy;

import static dev.weir.enrich.envoy.TranslatedSpan.client;
import static dev.weir.enrich.envoy.TranslatedSpan.server;

/** Spans as an Envoy 1.40 of Istio sends them, with all of their tags. */
public final class EnvoySpans {

    private EnvoySpans() {}

    /** A sidecar's span of a request that its application made. */
    public static TranslatedSpan.Builder outbound() {
        return proxy(client())
                .tag("upstream_cluster", "outbound|8080|v2|reviews.default.svc.cluster.local")
                .tag("upstream_cluster.name", "outbound|8080|v2|reviews.default.svc.cluster.local;")
                .tag("peer.address", "127.0.0.1");
    }

    /** A sidecar's span of a request to its application. */
    public static TranslatedSpan.Builder inbound() {
        return proxy(server())
                .tag("upstream_cluster", "inbound|8080||")
                .tag("upstream_cluster.name", "inbound|8080||;")
                .tag("peer.address", "10.244.1.7");
    }

    /** One of a gateway's attempts. */
    public static TranslatedSpan.Builder attempt() {
        return client().tag("component", "proxy")
                .tag("http.protocol", "HTTP/1.1")
                .tag("http.status_code", "0")
                .tag("error", "true")
                .tag("response_flags", "UF")
                .tag("retry.count", "1")
                .tag("upstream_address", "10.244.2.9:8080")
                .tag("peer.address", "10.244.2.9:8080")
                .tag("upstream_cluster", "outbound|8080||reviews.default.svc.cluster.local")
                .tag("upstream_cluster.name", "outbound|8080||reviews.default.svc.cluster.local;")
                .tag("istio.canonical_service", "istio-ingressgateway")
                .tag("istio.canonical_revision", "latest")
                .tag("istio.mesh_id", "cluster.local")
                .tag("istio.namespace", "istio-system")
                .tag("istio.cluster_id", "Kubernetes");
    }

    private static TranslatedSpan.Builder proxy(TranslatedSpan.Builder span) {
        return span.tag("node_id", "sidecar~10.244.1.7~productpage-v1-6c5d-8rqzt.default~default.svc.cluster.local")
                .tag("zone", "eu-west-1a")
                .tag("guid:x-request-id", "a61b56dc-85cf-9106-8855-a1e7a4d90206")
                .tag("http.url", "http://reviews.default.svc.cluster.local:8080/productpage?token=secret&a=b")
                .tag("http.method", "GET")
                .tag("downstream_cluster", "-")
                .tag("user_agent", "Java-http-client/25.0.3")
                .tag("http.protocol", "HTTP/1.1")
                .tag("request_size", "0")
                .tag("response_size", "1839")
                .tag("component", "proxy")
                .tag("http.status_code", "200")
                .tag("response_flags", "-")
                .tag("istio.canonical_service", "productpage")
                .tag("istio.canonical_revision", "v1")
                .tag("istio.mesh_id", "cluster.local")
                .tag("istio.namespace", "default")
                .tag("istio.cluster_id", "Kubernetes");
    }
}
