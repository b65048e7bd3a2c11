package dev.weir.it;

import static dev.weir.it.EnvoyRbac.known;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/**
 * What istiod makes of a {@code DestinationRule} and of a route of a {@code VirtualService} in Envoy's cluster and route (its
 * package {@code networking/core}). What is not translated is a fault; mutual TLS is the sidecars' part, and is left out.
 */
final class EnvoyUpstream {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String HTTP = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

    private EnvoyUpstream() {}

    /** A cluster over HTTP/2; name, type and endpoints are the caller's to add. */
    static ObjectNode cluster(JsonNode destinationRule) {
        JsonNode policy = destinationRule.path("spec").path("trafficPolicy");
        known(policy, "tls", "loadBalancer", "connectionPool", "outlierDetection");
        ObjectNode cluster = JSON.createObjectNode();
        loadBalancer(cluster, policy.path("loadBalancer"));
        connectionPool(cluster, policy.path("connectionPool"));
        if (policy.has("outlierDetection")) {
            cluster.set("outlier_detection", outlierDetection(policy.path("outlierDetection")));
            cluster.withObject("/common_lb_config")
                    .putObject("healthy_panic_threshold")
                    .put("value", 0);
        }
        return cluster;
    }

    /** Timeout and retries of a route to a cluster. */
    static ObjectNode action(JsonNode route, String cluster) {
        known(route, "name", "match", "timeout", "retries", "route", "corsPolicy");
        JsonNode retries = route.path("retries");
        known(retries, "attempts", "retryOn");
        ObjectNode action = JSON.createObjectNode()
                .put("cluster", cluster)
                .put("timeout", route.path("timeout").asText("0s"));
        ObjectNode policy = action.putObject("retry_policy")
                .put("retry_on", retries.path("retryOn").asText())
                .put("num_retries", retries.path("attempts").asInt())
                .put("host_selection_retry_max_attempts", 5);
        typed(policy.putArray("retry_host_predicate").addObject(), "envoy.retry_host_predicates.previous_hosts")
                .put(
                        "@type",
                        "type.googleapis.com/envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate");
        return action;
    }

    /** What a route says of pages of other origins, for Envoy's CORS filter. */
    static ObjectNode cors(JsonNode policy) {
        known(policy, "allowOrigins", "allowMethods", "allowHeaders", "maxAge");
        ObjectNode cors = JSON.createObjectNode()
                .put("@type", "type.googleapis.com/envoy.extensions.filters.http.cors.v3.CorsPolicy")
                .put("allow_methods", joined(policy.path("allowMethods")))
                .put("allow_headers", joined(policy.path("allowHeaders")))
                .put(
                        "max_age",
                        Long.toString(
                                Duration.parse("PT" + policy.path("maxAge").asText())
                                        .toSeconds()));
        policy.path("allowOrigins").forEach(origin -> {
            known(origin, "exact");
            cors.withArray("allow_origin_string_match").add(origin);
        });
        return cors;
    }

    private static String joined(JsonNode words) {
        StringJoiner joined = new StringJoiner(",");
        words.forEach(word -> joined.add(word.asText()));
        return joined.toString();
    }

    private static void loadBalancer(ObjectNode cluster, JsonNode balancer) {
        known(balancer, "simple", "warmup");
        cluster.put("lb_policy", balancer.path("simple").asText("LEAST_REQUEST"));
        if (balancer.has("warmup")) {
            known(balancer.path("warmup"), "duration");
            cluster.putObject("least_request_lb_config")
                    .putObject("slow_start_config")
                    .put(
                            "slow_start_window",
                            balancer.path("warmup").path("duration").asText());
        }
    }

    private static void connectionPool(ObjectNode cluster, JsonNode pool) {
        JsonNode tcp = pool.path("tcp");
        JsonNode http = pool.path("http");
        known(pool, "tcp", "http");
        known(tcp, "connectTimeout", "tcpKeepalive");
        known(http, "http2MaxRequests", "http1MaxPendingRequests", "maxRetries", "idleTimeout");
        cluster.put("connect_timeout", tcp.path("connectTimeout").asText("10s"));
        if (tcp.has("tcpKeepalive")) {
            JsonNode keepalive = tcp.path("tcpKeepalive");
            known(keepalive, "time", "interval", "probes");
            cluster.putObject("upstream_connection_options")
                    .putObject("tcp_keepalive")
                    .put("keepalive_time", seconds(keepalive.path("time")))
                    .put("keepalive_interval", seconds(keepalive.path("interval")))
                    .put("keepalive_probes", keepalive.path("probes").asInt());
        }
        cluster.putObject("circuit_breakers")
                .putArray("thresholds")
                .addObject()
                .put("max_requests", http.path("http2MaxRequests").asLong(4294967295L))
                .put(
                        "max_pending_requests",
                        http.path("http1MaxPendingRequests").asLong(4294967295L))
                .put("max_retries", http.path("maxRetries").asLong(4294967295L))
                .put("max_connections", 4294967295L);
        ObjectNode options = cluster.putObject("typed_extension_protocol_options")
                .putObject(HTTP)
                .put("@type", "type.googleapis.com/" + HTTP);
        options.putObject("explicit_http_config").putObject("http2_protocol_options");
        options.putObject("common_http_protocol_options")
                .put("idle_timeout", http.path("idleTimeout").asText("3600s"));
    }

    private static ObjectNode outlierDetection(JsonNode outlier) {
        known(
                outlier,
                "splitExternalLocalOriginErrors",
                "consecutiveLocalOriginFailures",
                "consecutive5xxErrors",
                "consecutiveGatewayErrors",
                "interval",
                "baseEjectionTime",
                "maxEjectionPercent");
        ObjectNode envoy = JSON.createObjectNode().put("enforcing_success_rate", 0);
        for (Map.Entry<String, String> count : Map.of(
                        "consecutive5xxErrors", "consecutive_5xx",
                        "consecutiveGatewayErrors", "consecutive_gateway_failure")
                .entrySet()) {
            if (outlier.has(count.getKey())) {
                int most = outlier.path(count.getKey()).asInt();
                envoy.put(count.getValue(), most).put("enforcing_" + count.getValue(), most > 0 ? 100 : 0);
            }
        }
        for (Map.Entry<String, String> time : Map.of("interval", "interval", "baseEjectionTime", "base_ejection_time")
                .entrySet()) {
            if (outlier.has(time.getKey())) {
                envoy.put(time.getValue(), outlier.path(time.getKey()).asText());
            }
        }
        if (outlier.has("maxEjectionPercent")) {
            envoy.put("max_ejection_percent", outlier.path("maxEjectionPercent").asInt());
        }
        if (outlier.path("splitExternalLocalOriginErrors").asBoolean()) {
            int most = outlier.path("consecutiveLocalOriginFailures").asInt();
            envoy.put("split_external_local_origin_errors", true).put("enforcing_local_origin_success_rate", 0);
            if (most > 0) {
                envoy.put("consecutive_local_origin_failure", most)
                        .put("enforcing_consecutive_local_origin_failure", 100);
            }
        }
        return envoy;
    }

    private static int seconds(JsonNode duration) {
        return Integer.parseInt(duration.asText().toLowerCase(Locale.ROOT).replace("s", ""));
    }

    private static ObjectNode typed(ObjectNode extension, String name) {
        return extension.put("name", name).putObject("typed_config");
    }
}
