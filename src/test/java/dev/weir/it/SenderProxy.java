package dev.weir.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;

/**
 * The sidecar of a sender: a real Envoy that shares what the application sends, and its own spans, over Weir's pods as the
 * DestinationRule and the VirtualService say. Which pods there are it reads from a file, as it would hear it from istiod.
 */
final class SenderProxy implements AutoCloseable {

    /** The cluster of what the application sends. */
    static final String APPLICATION = "weir";

    /** The cluster of Envoy's own spans, which is the same one in a mesh; here their statistics stand apart. */
    static final String OWN_SPANS = "weir-own-spans";

    private static final String ENVOY = "type.googleapis.com/envoy.";

    private final Path directory;
    private final PeerProcess envoy;
    private int version;

    /** @param virtualService its first route is taken */
    SenderProxy(Path directory, JsonNode destinationRule, JsonNode virtualService, int... pods) {
        this.directory = directory;
        pods(pods);
        int[] port = FreePorts.next(2);
        ObjectNode toWeir =
                EnvoyUpstream.action(virtualService.path("spec").path("http").get(0), APPLICATION);
        String config = """
                node: { id: "sidecar~10.1.1.1~cart-1.shop~shop.svc.cluster.local", cluster: cart.shop }
                static_resources:
                  listeners: [ %s, %s ]
                  clusters: [ %s, %s ]
                """.formatted(
                        listener(port[0], "", "route: " + toWeir),
                        listener(port[1], tracing(), "direct_response: { status: 200 }"),
                        cluster(APPLICATION, destinationRule),
                        cluster(OWN_SPANS, destinationRule));
        envoy = Peers.envoy(directory, config, Map.of("otlp", port[0], "application", port[1]));
    }

    /** Where the application sends OTLP/gRPC. */
    int otlpPort() {
        return envoy.port("otlp");
    }

    /** Where the application is called: each call is a span of Envoy's own. */
    String applicationUrl() {
        return envoy.url("application");
    }

    /** From now on these are Weir's pods. */
    void pods(int... ports) {
        ObjectNode response = Http.JSON.createObjectNode().put("version_info", Integer.toString(++version));
        ObjectNode assignment = response.putArray("resources")
                .addObject()
                .put("@type", ENVOY + "config.endpoint.v3.ClusterLoadAssignment")
                .put("cluster_name", APPLICATION);
        var endpoints = assignment.putArray("endpoints").addObject().putArray("lb_endpoints");
        for (int port : ports) {
            endpoints
                    .addObject()
                    .putObject("endpoint")
                    .putObject("address")
                    .putObject("socket_address")
                    .put("address", "127.0.0.1")
                    .put("port_value", port);
        }
        try {
            Path next = Files.writeString(directory.resolve("pods.next"), response.toString());
            Files.move(next, directory.resolve("pods.json"), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A counter or gauge of Envoy's; 0 when it does not have it. */
    long stat(String name) {
        for (String line :
                Http.get(envoy.url("admin") + "/stats?filter=" + name).body().split("\n")) {
            if (line.startsWith(name + ": ")) {
                return Long.parseLong(line.substring(line.indexOf(": ") + 2));
            }
        }
        return 0;
    }

    /** A statistic of a cluster's. */
    long stat(String cluster, String name) {
        return stat("cluster." + cluster + "." + name);
    }

    /** Whether Envoy has thrown out the pod at this port. */
    boolean isThrownOut(int port) {
        JsonNode clusters =
                Http.getJson(envoy.url("admin") + "/clusters?format=json").path("cluster_statuses");
        for (JsonNode host : Manifests.element(clusters, "name", APPLICATION).path("host_statuses")) {
            if (host.path("address").path("socket_address").path("port_value").asInt() == port) {
                return host.path("health_status").path("failed_outlier_check").asBoolean();
            }
        }
        throw new AssertionError("no pod at " + port + " in " + clusters);
    }

    @Override
    public void close() {
        envoy.close();
    }

    private String cluster(String name, JsonNode destinationRule) {
        ObjectNode cluster =
                EnvoyUpstream.cluster(destinationRule).put("name", name).put("type", "EDS");
        cluster.putObject("eds_cluster_config")
                .put("service_name", APPLICATION)
                .putObject("eds_config")
                .put("resource_api_version", "V3")
                .putObject("path_config_source")
                .put("path", directory.resolve("pods.json").toString());
        return cluster.toString();
    }

    private static String listener(int port, String tracing, String action) {
        return """
                { address: { socket_address: { address: 127.0.0.1, port_value: %d } }, filter_chains: [ { filters: [
                  { name: envoy.filters.network.http_connection_manager, typed_config: {
                    "@type": %sextensions.filters.network.http_connection_manager.v3.HttpConnectionManager,
                    stat_prefix: "outbound_%d", %s
                    route_config: { virtual_hosts: [ { name: all, domains: [ "*" ], routes: [
                      { match: { prefix: / }, %s } ] } ] },
                    http_filters: [ { name: envoy.filters.http.router, typed_config: {
                      "@type": %sextensions.filters.http.router.v3.Router } } ] } } ] } ] }\
                """.formatted(port, ENVOY, port, tracing, action, ENVOY);
    }

    private static String tracing() {
        return """
                tracing: { random_sampling: { value: 100 }, provider: { name: envoy.tracers.opentelemetry, typed_config: {
                  "@type": %sconfig.trace.v3.OpenTelemetryConfig, service_name: cart.shop,
                  grpc_service: { envoy_grpc: { cluster_name: %s, authority: %s } } } } },\
                """.formatted(ENVOY, OWN_SPANS, IstioProxy.WEIR_HOST);
    }
}
