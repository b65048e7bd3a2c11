package dev.weir.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A PodMonitor comes to an address: Prometheus makes a target of each port that a container declares, the operator keeps those
 * that the monitor names, and its relabelings may put another address in. And a NetworkPolicy lets Prometheus there.
 */
final class ScrapeRule implements Rule {

    /** Where the agent beside Istio's proxies has their metrics, merged with the application's. */
    static final int MERGED = 15020;

    /** All that the injected proxy declares. */
    private static final int OF_PROXY = 15090;

    private static final String IPV4 = "10.244.1.7";
    private static final String IPV6 = "[fd00:10:244::7]";

    @Override
    public void check(Overlay overlay, Consumer<String> fault) {
        overlay.all("PodMonitor")
                .forEach(monitor -> overlay.gateways().stream()
                        .filter(gateway ->
                                Overlay.selects(monitor.map("/spec/selector/matchLabels"), Overlay.podLabels(gateway)))
                        .forEach(gateway -> monitor.list("/spec/podMetricsEndpoints")
                                .forEach(endpoint -> endpoint(overlay, monitor, gateway, endpoint, fault))));
        AmbientRule.waypoints(overlay)
                .filter(waypoint -> !admitsPrometheus(overlay, AmbientRule.podLabels(waypoint), MERGED))
                .forEach(waypoint -> fault.accept(waypoint + ": no NetworkPolicy lets Prometheus to " + MERGED));
    }

    private static void endpoint(
            Overlay overlay, Manifest monitor, Manifest gateway, JsonNode endpoint, Consumer<String> fault) {
        TreeSet<String> addresses = addresses(gateway, endpoint, IPV4);
        if (addresses.isEmpty()) {
            fault.accept(monitor + ": scrapes nothing of " + gateway
                    + ": no container declares the port, and nothing puts another address in");
            return;
        }
        String address = addresses.first();
        int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
        if (!addresses.equals(new TreeSet<>(List.of(IPV4 + ":" + port)))
                || !addresses(gateway, endpoint, IPV6).equals(new TreeSet<>(List.of(IPV6 + ":" + port)))) {
            fault.accept(monitor + ": does not come to one port of a pod, by IPv4 and by IPv6, but to " + addresses);
        }
        if (!admitsPrometheus(overlay, Overlay.podLabels(gateway), port)) {
            fault.accept(monitor + ": no NetworkPolicy lets Prometheus to " + port + " of " + gateway);
        }
    }

    /** What is scraped of a pod with this address. */
    private static TreeSet<String> addresses(Manifest gateway, JsonNode endpoint, String ip) {
        TreeSet<String> addresses = new TreeSet<>();
        for (Map<String, String> target : targets(gateway, ip)) {
            boolean kept = (!endpoint.has("port")
                            || endpoint.path("port")
                                    .asText()
                                    .equals(target.get("__meta_kubernetes_pod_container_port_name")))
                    && (!endpoint.has("portNumber")
                            || endpoint.path("portNumber")
                                    .asText()
                                    .equals(target.get("__meta_kubernetes_pod_container_port_number")));
            String address = kept ? relabelled(target, Manifest.list(endpoint.path("relabelings"))) : null;
            if (address != null) {
                addresses.add(address);
            }
        }
        return addresses;
    }

    private static List<Map<String, String>> targets(Manifest gateway, String ip) {
        List<Map<String, String>> targets = gateway.list("/spec/template/spec/containers").stream()
                .flatMap(container -> Manifest.list(container.path("ports")).stream()
                        .map(port -> target(
                                container.path("name").asText(),
                                port.path("name").asText(),
                                port.path("containerPort").asInt(),
                                ip)))
                .collect(Collectors.toList());
        if ("true".equals(Overlay.podLabels(gateway).get("sidecar.istio.io/inject"))) {
            targets.add(target("istio-proxy", "http-envoy-prom", OF_PROXY, ip));
        }
        return targets;
    }

    private static Map<String, String> target(String container, String name, int port, String ip) {
        Map<String, String> target = new LinkedHashMap<>();
        target.put("__address__", ip + ":" + port);
        target.put("__meta_kubernetes_pod_ip", ip.replaceAll("[\\[\\]]", ""));
        target.put("__meta_kubernetes_pod_container_name", container);
        target.put("__meta_kubernetes_pod_container_port_name", name);
        target.put("__meta_kubernetes_pod_container_port_number", String.valueOf(port));
        return target;
    }

    /** The address after all relabelings, as Prometheus does them; null when the target is dropped. */
    private static @Nullable String relabelled(Map<String, String> target, List<JsonNode> relabelings) {
        Map<String, String> labels = new LinkedHashMap<>(target);
        for (JsonNode one : relabelings) {
            String source = Manifest.list(one.path("sourceLabels")).stream()
                    .map(label -> labels.getOrDefault(label.asText(), ""))
                    .collect(Collectors.joining(one.path("separator").asText(";")));
            Matcher matcher = Pattern.compile("^(?:" + one.path("regex").asText("(.*)") + ")$")
                    .matcher(source);
            String action = one.path("action").asText("replace");
            if ((action.equals("keep") && !matcher.find()) || (action.equals("drop") && matcher.find())) {
                return null;
            }
            if (action.equals("replace") && matcher.find()) {
                labels.put(
                        one.path("targetLabel").asText(),
                        matcher.replaceFirst(one.path("replacement").asText("$1")));
            }
        }
        return labels.get("__address__");
    }

    private static boolean admitsPrometheus(Overlay overlay, Map<String, String> podLabels, int port) {
        return overlay.all("NetworkPolicy")
                .filter(policy -> Overlay.selects(policy.map("/spec/podSelector/matchLabels"), podLabels))
                .flatMap(policy -> policy.list("/spec/ingress").stream())
                .filter(rule -> AdminPortRule.opens(rule, port))
                .flatMap(rule -> Manifest.list(rule.path("from")).stream())
                .anyMatch(peer -> peer.at("/namespaceSelector/matchLabels").has("weir.dev/scrapes"));
    }
}
