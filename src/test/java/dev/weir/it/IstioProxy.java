package dev.weir.it;

import dev.weir.it.MeshCertificates.Workload;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One Envoy, configured as Istio configures a sidecar or a gateway (after istiod's bootstrap, its listeners of the classes
 * inbound, outbound and gateway, and its tracing provider {@code opentelemetry}). What Istio redirects by iptables stands on
 * a port of its own here. The pieces are YAML in flow style, so that they fit into each other at any indentation.
 */
final class IstioProxy {

    static final String WEIR_HOST = "weir.observability.svc.cluster.local";

    private static final String ENVOY = "type.googleapis.com/envoy.";
    private static final String HTTP2 = "explicit_http_config: { http2_protocol_options: {} }";
    private static final String HTTP1 = "explicit_http_config: { http_protocol_options: {} }";

    private final Pod pod;
    private final Workload workload;
    private final Path authority;
    private final List<String> listeners = new ArrayList<>();
    private final List<String> clusters = new ArrayList<>();
    private String more = "";
    private String authorization = "";
    private boolean traced = true;

    /** @param type {@code sidecar} or {@code router} */
    record Pod(String type, String app, String name, String namespace, String ip) {

        String nodeId() {
            return type + "~" + ip + "~" + name + "." + namespace + "~" + namespace + ".svc.cluster.local";
        }
    }

    /** @param collector where telemetry goes: the port of the sidecar in front of Weir */
    IstioProxy(Pod pod, Workload workload, Path authority, int collector) {
        this.pod = pod;
        this.workload = workload;
        this.authority = authority;
        upstream(outbound(4317, WEIR_HOST), collector, HTTP2);
    }

    /** What is called here has to pass this filter; to be said before the listeners. */
    IstioProxy authorize(String filter) {
        authorization = filter + ",";
        return this;
    }

    /** A {@code Telemetry} for this pod says {@code disableSpanReporting}; to be said before the listeners. */
    IstioProxy untraced() {
        traced = false;
        return this;
    }

    static String outbound(int port, String host) {
        return "outbound|" + port + "||" + host;
    }

    /** A listener for what comes to this pod on a port, with mutual TLS. */
    IstioProxy inbound(int listener, int port, boolean http2, int application, String route) {
        String cluster = "inbound|" + port + "||";
        String service = pod.app + "." + pod.namespace + ".svc.cluster.local:" + port;
        listeners.add(listener(
                listener,
                "INBOUND",
                """
                stat_prefix: "inbound_0.0.0.0_%d;", forward_client_cert_details: APPEND_FORWARD,
                set_current_client_cert_details: { subject: true, dns: true, uri: true },
                """.formatted(port),
                host("inbound|http|" + port, "*", route("prefix: /", cluster, service + "/*", route)),
                "",
                "transport_socket: " + tls("Downstream", "require_client_certificate: true,")));
        clusters.add(cluster(cluster, application, http2 ? HTTP2 : HTTP1, ""));
        return this;
    }

    /** The listener through which the application calls others, or a gateway is called. */
    IstioProxy listen(int listener, String options, String accessLog, String... virtualHosts) {
        listeners.add(listener(listener, "OUTBOUND", options, String.join(",\n", virtualHosts), accessLog, ""));
        return this;
    }

    /** A cluster that is reached with mutual TLS. */
    IstioProxy upstream(String name, int port, String protocol) {
        String sni = "sni: \"" + name.replace("|", "_.") + "\",";
        clusters.add(cluster(name, port, protocol, ", transport_socket: " + tls("Upstream", sni)));
        return this;
    }

    IstioProxy http1(String name, int port) {
        return upstream(name, port, HTTP1);
    }

    IstioProxy http2(String name, int port) {
        return upstream(name, port, HTTP2);
    }

    IstioProxy plain(String name, int port, boolean http2) {
        clusters.add(cluster(name, port, http2 ? HTTP2 : HTTP1, ""));
        return this;
    }

    IstioProxy rawCluster(String flow) {
        clusters.add(flow);
        return this;
    }

    /** Envoy's own metrics, every second, to Weir. */
    IstioProxy stats() {
        more = """
                stats_flush_interval: 1s
                stats_config: { use_all_default_tags: false,
                  stats_tags: [ { tag_name: cluster_name, regex: '^cluster(\\.(.+);)' } ],
                  stats_matcher: { inclusion_list: { patterns: [ { prefix: "cluster.outbound|8080" } ] } } }
                stats_sinks: [ { name: envoy.stat_sinks.open_telemetry, typed_config: {
                  "@type": %sextensions.stat_sinks.open_telemetry.v3.SinkConfig, grpc_service: %s } } ]
                """.formatted(ENVOY, collector());
        return this;
    }

    static String host(String name, String domain, String... routes) {
        return "{ name: \"%s\", domains: [ \"%s\" ], routes: [\n%s ] }"
                .formatted(name, domain, String.join(",\n", routes));
    }

    /** @param action further keys of the route's action, each ended by a comma */
    static String route(String match, String cluster, String operation, String action) {
        return "{ match: { %s }, decorator: { operation: \"%s\" }, route: { %s cluster: \"%s\" } }"
                .formatted(match, operation, action, cluster);
    }

    /** The provider {@code envoyOtelAls} with two labels. */
    String accessLog() {
        return """
                access_log: [ { name: envoy.access_loggers.open_telemetry, typed_config: {
                  "@type": %sextensions.access_loggers.open_telemetry.v3.OpenTelemetryAccessLogConfig,
                  common_config: { log_name: otel_envoy_accesslog, transport_api_version: V3, grpc_service: %s,
                    buffer_flush_interval: 0.2s },
                  body: { string_value: "%%REQ(:METHOD)%% %%REQ(:PATH)%% %%RESPONSE_CODE%% %%RESPONSE_FLAGS%%\\n" },
                  attributes: { values: [
                    { key: upstream_cluster, value: { string_value: "%%UPSTREAM_CLUSTER_RAW%%" } },
                    { key: route_name, value: { string_value: "%%ROUTE_NAME%%" } } ] } } } ],
                """.formatted(ENVOY, collector());
    }

    PeerProcess start(Path directory, Map<String, Integer> ports) {
        return Peers.envoy(directory, config(), ports);
    }

    private String config() {
        return """
                node: { id: "%s", cluster: "%s.%s", locality: { region: eu-west-1, zone: eu-west-1a } }
                layered_runtime: { layers: [ { name: global config, static_layer: {
                  tracing.opentelemetry.min_flush_spans: 5, tracing.opentelemetry.flush_interval_ms: 200 } } ] }
                """.formatted(pod.nodeId(), pod.app, pod.namespace)
                + more
                + "static_resources: { listeners: [\n" + String.join(",\n", listeners) + " ],\n clusters: [\n"
                + String.join(",\n", clusters) + " ] }\n";
    }

    private String listener(
            int port, String direction, String options, String virtualHosts, String accessLog, String transportSocket) {
        return """
                { address: { socket_address: { address: 127.0.0.1, port_value: %d } },
                  traffic_direction: %s, filter_chains: [ {
                  filters: [ { name: envoy.filters.network.http_connection_manager, typed_config: {
                    "@type": %sextensions.filters.network.http_connection_manager.v3.HttpConnectionManager,
                    server_name: istio-envoy, %s normalize_path: true, stream_idle_timeout: 0s,
                    request_id_extension: { typed_config: {
                      "@type": %sextensions.request_id.uuid.v3.UuidRequestIdConfig,
                      use_request_id_for_trace_sampling: true } },
                    %s %s
                    route_config: { ignore_port_in_host_matching: true, virtual_hosts: [ %s ] },
                    http_filters: [ %s { name: envoy.filters.http.router, typed_config: {
                      "@type": %sextensions.filters.http.router.v3.Router } } ] } } ],
                  %s } ] }""".formatted(
                        port,
                        direction,
                        ENVOY,
                        options,
                        ENVOY,
                        traced ? "tracing: " + tracing() + "," : "",
                        accessLog,
                        virtualHosts,
                        direction.equals("INBOUND") ? authorization : "",
                        ENVOY,
                        transportSocket);
    }

    private String tracing() {
        return """
                { client_sampling: { value: 100 }, random_sampling: { value: 100 }, overall_sampling: { value: 100 },
                  max_path_tag_length: 256, %s
                  custom_tags: [ %s, %s, %s, %s, %s, %s, %s, %s ],
                  provider: { name: envoy.tracers.opentelemetry, typed_config: {
                    "@type": %sconfig.trace.v3.OpenTelemetryConfig, service_name: "%s.%s", grpc_service: %s } } }\
                """.formatted(
                        pod.type.equals("router") ? "spawn_upstream_span: true," : "",
                        literal("istio.canonical_revision", "v1"),
                        literal("istio.canonical_service", pod.app),
                        literal("istio.cluster_id", "Kubernetes"),
                        literal("istio.mesh_id", "cluster.local"),
                        literal("istio.namespace", pod.namespace),
                        fromHeader("http.status_code", "x-tag-status"),
                        fromHeader("upstream_cluster", "x-tag-cluster"),
                        fromHeader("node_id", "x-tag-node"),
                        ENVOY,
                        pod.app,
                        pod.namespace,
                        collector());
    }

    private static String collector() {
        return "{ envoy_grpc: { cluster_name: \"" + outbound(4317, WEIR_HOST) + "\", authority: " + WEIR_HOST + " } }";
    }

    private static String literal(String tag, String value) {
        return "{ tag: " + tag + ", literal: { value: \"" + value + "\" } }";
    }

    /** A tag of the application's, which only requests with the header get: Istio lets it have any name. */
    private static String fromHeader(String tag, String header) {
        return "{ tag: " + tag + ", request_header: { name: " + header + " } }";
    }

    private static String cluster(String name, int port, String protocol, String socket) {
        return """
                { name: "%s", alt_stat_name: "%s;", type: STATIC, connect_timeout: 1s,
                  typed_extension_protocol_options: { envoy.extensions.upstreams.http.v3.HttpProtocolOptions: {
                    "@type": %sextensions.upstreams.http.v3.HttpProtocolOptions, %s } },
                  load_assignment: { cluster_name: "%s", endpoints: [ { lb_endpoints: [ { endpoint: {
                    address: { socket_address: { address: 127.0.0.1, port_value: %d } } } } ] } ] } %s }\
                """.formatted(name, name, ENVOY, protocol, name, port, socket);
    }

    private String tls(String side, String options) {
        String alpn = side.equals("Downstream") ? "alpn_protocols: [ istio-peer-exchange, h2, http/1.1 ]," : "";
        return """
                { name: envoy.transport_sockets.tls, typed_config: {
                  "@type": %sextensions.transport_sockets.tls.v3.%sTlsContext, %s
                  common_tls_context: { %s
                    tls_certificates: [ { certificate_chain: { filename: "%s" }, private_key: { filename: "%s" } } ],
                    validation_context: { trusted_ca: { filename: "%s" }, match_typed_subject_alt_names: [
                      { san_type: URI, matcher: { prefix: "spiffe://cluster.local/" } } ] } } } }\
                """.formatted(ENVOY, side, options, alpn, workload.certificate(), workload.key(), authority);
    }
}
