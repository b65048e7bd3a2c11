package dev.weir.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.app.WeirConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** In ambient mode all senders come through a waypoint, which says who they are and makes no spans of what it carries. */
final class AmbientRule implements Rule {

    /** HBONE: everything that comes to a pod in the mesh, and to a waypoint. */
    private static final int TUNNEL = 15008;

    private static final String IDENTITY = "ambient.istio.io/xfcc-include-client-identity";

    @Override
    public void check(Overlay overlay, Consumer<String> fault) {
        for (Manifest gateway : overlay.gateways()) {
            Map<String, String> labels = Overlay.podLabels(gateway);
            if (!"ambient".equals(labels.get("istio.io/dataplane-mode"))) {
                continue;
            }
            if (!reaches(overlay, labels, "ingress") || !reaches(overlay, labels, "egress")) {
                fault.accept(gateway + ": no NetworkPolicy lets in and out by " + TUNNEL);
            }
            overlay.all("Service")
                    .filter(service -> Overlay.selects(service.map("/spec/selector"), labels)
                            && service.list("/spec/ports").stream()
                                    .anyMatch(port -> port.path("port").asInt() == PortsRule.GRPC))
                    .forEach(service -> service(overlay, gateway, service, fault));
        }
    }

    private static void service(Overlay overlay, Manifest gateway, Manifest service, Consumer<String> fault) {
        String named = service.map("/metadata/labels").getOrDefault("istio.io/use-waypoint", "");
        Optional<Manifest> found =
                waypoints(overlay).filter(one -> one.name().equals(named)).findFirst();
        if (found.isEmpty()) {
            fault.accept(
                    service + ": istio.io/use-waypoint names no waypoint that is here, and paths are told by none");
            return;
        }
        Manifest waypoint = found.get();
        if (!"true".equals(waypoint.map("/metadata/annotations").get(IDENTITY))) {
            fault.accept(waypoint + ": without " + IDENTITY + " it passes on what the caller wrote");
        }
        if (overlay.all("Telemetry").noneMatch(one -> isSilent(one, waypoint))) {
            fault.accept(waypoint + ": no Telemetry with disableSpanReporting: it makes a span of each batch");
        }
        if (!reaches(overlay, podLabels(waypoint), "ingress")) {
            fault.accept(waypoint + ": no NetworkPolicy lets in by " + TUNNEL);
        }
        if (overlay.all("security.istio.io", "AuthorizationPolicy")
                .noneMatch(
                        policy -> targets(policy, "Service", service.name()) && IstioAuthorization.isAllow(policy))) {
            fault.accept(service + ": no AuthorizationPolicy tells the waypoint who may send");
        }
        WeirConfig config = Configurations.check(overlay, gateway).config();
        String account = "/ns/" + waypoint.namespace() + "/sa/" + waypoint.name();
        if (config != null
                && config.mesh().waypoints().orElse(List.of()).stream().noneMatch(id -> id.endsWith(account))) {
            fault.accept(gateway + ": weir.mesh.waypoints does not name " + waypoint + ", so nobody is verified");
        }
    }

    /** Gateways that are waypoints. */
    static Stream<Manifest> waypoints(Overlay overlay) {
        return overlay.all("gateway.networking.k8s.io", "Gateway")
                .filter(gateway -> gateway.text("/spec/gatewayClassName").equals("istio-waypoint"));
    }

    /** What istiod labels a waypoint's pods with. */
    static Map<String, String> podLabels(Manifest waypoint) {
        return Map.of("gateway.networking.k8s.io/gateway-name", waypoint.name());
    }

    private static boolean reaches(Overlay overlay, Map<String, String> labels, String direction) {
        return overlay.all("NetworkPolicy")
                .filter(policy -> Overlay.selects(policy.map("/spec/podSelector/matchLabels"), labels))
                .flatMap(policy -> policy.list("/spec/" + direction).stream())
                .anyMatch(rule -> AdminPortRule.opens(rule, TUNNEL));
    }

    private static boolean isSilent(Manifest telemetry, Manifest waypoint) {
        return targets(telemetry, "Gateway", waypoint.name())
                && telemetry.list("/spec/tracing").stream()
                        .anyMatch(one -> one.path("disableSpanReporting").asBoolean(false));
    }

    private static boolean targets(Manifest policy, String kind, String name) {
        for (JsonNode target : policy.list("/spec/targetRefs")) {
            if (target.path("kind").asText().equals(kind)
                    && target.path("name").asText().equals(name)) {
                return true;
            }
        }
        return false;
    }
}
