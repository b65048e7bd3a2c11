package dev.weir.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.app.WeirConfig;
import dev.weir.enrich.MeshConfig;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** One mesh at most, in front of both ports, and only its word believed. */
final class MeshRule implements Rule {

    private static final List<String> EXCLUSIONS = List.of(
            "traffic.sidecar.istio.io/excludeInboundPorts",
            "config.linkerd.io/skip-inbound-ports",
            "config.linkerd.io/opaque-ports");

    @Override
    public void check(Overlay overlay, Consumer<String> fault) {
        for (Manifest gateway : overlay.gateways()) {
            Map<String, String> labels = Overlay.podLabels(gateway);
            Map<String, String> notes = gateway.map("/spec/template/metadata/annotations");
            Manifest namespace =
                    overlay.one("Namespace", gateway.namespace()).orElse(new Manifest(gateway.at("/there-is-none")));
            boolean sidecar = "true".equals(labels.get("sidecar.istio.io/inject"));
            boolean ambient = "ambient".equals(labels.get("istio.io/dataplane-mode"))
                    || "ambient".equals(namespace.map("/metadata/labels").get("istio.io/dataplane-mode"));
            boolean linkerd = "enabled".equals(notes.get("linkerd.io/inject"))
                    || "enabled".equals(namespace.map("/metadata/annotations").get("linkerd.io/inject"));
            if ((sidecar && ambient) || (linkerd && (sidecar || ambient))) {
                fault.accept(gateway + ": is in two meshes");
            }
            if (notes.containsKey("sidecar.istio.io/inject")) {
                fault.accept(gateway + ": sidecar.istio.io/inject is a label, not an annotation");
            }
            for (String exclusion : EXCLUSIONS) {
                List<String> ports = List.of(notes.getOrDefault(exclusion, "").split(","));
                if (ports.contains("4317") || ports.contains("4318")) {
                    fault.accept(gateway + ": " + exclusion + " takes senders' ports out of the mesh");
                }
            }
            WeirConfig config = Configurations.check(overlay, gateway).config();
            if (config != null) {
                belief(overlay, gateway, config.mesh(), sidecar, linkerd, fault);
            }
        }
    }

    private static void belief(
            Overlay overlay,
            Manifest gateway,
            MeshConfig mesh,
            boolean sidecar,
            boolean linkerd,
            Consumer<String> fault) {
        boolean waypoint = mesh.waypoints().isPresent();
        if (mesh.kind() == MeshConfig.Kind.ISTIO && !sidecar && !waypoint) {
            fault.accept(
                    gateway
                            + ": weir.mesh.kind is istio, and no sidecar or waypoint is in front: anybody's header is believed");
        }
        if (mesh.kind() == MeshConfig.Kind.ISTIO && sidecar && !isStrict(overlay, gateway)) {
            fault.accept(gateway + ": weir.mesh.kind is istio, and no PeerAuthentication makes mutual TLS STRICT");
        }
        mesh.waypoints().ifPresent(believed -> onlyWaypoints(overlay, gateway, Set.copyOf(believed), fault));
        if (mesh.kind() == MeshConfig.Kind.LINKERD && !linkerd) {
            fault.accept(
                    gateway + ": weir.mesh.kind is linkerd, and no proxy is in front: anybody's header is believed");
        }
        String own = "/ns/" + gateway.namespace() + "/sa/" + gateway.text("/spec/template/spec/serviceAccountName");
        mesh.identity()
                .filter(identity -> !identity.endsWith(own))
                .ifPresent(identity -> fault.accept(
                        gateway + ": weir.mesh.identity " + identity + " is not its own, which ends with " + own));
    }

    /** Whoever else reached the pods past the waypoint would be believed like it. */
    private static void onlyWaypoints(Overlay overlay, Manifest gateway, Set<String> believed, Consumer<String> fault) {
        boolean admitted = false;
        for (Manifest policy : IstioAuthorization.of(overlay, gateway)) {
            for (JsonNode rule : IstioAuthorization.allowed(policy)) {
                Set<String> ports = IstioAuthorization.ports(rule);
                if (!ports.isEmpty() && !ports.contains("4317") && !ports.contains("4318")) {
                    continue;
                }
                admitted = true;
                for (JsonNode from : Manifest.list(rule.path("from"))) {
                    Set<String> principals = new HashSet<>();
                    from.at("/source/principals").forEach(one -> principals.add("spiffe://" + one.asText()));
                    if (!principals.equals(believed)) {
                        fault.accept(policy + ": lets in others than the waypoints, which are believed: " + principals);
                    }
                }
            }
        }
        if (!admitted) {
            fault.accept(gateway + ": weir.mesh.waypoints are believed, and no AuthorizationPolicy keeps others away");
        }
    }

    /** On every port: what is said of a single one stands over the rest. */
    private static boolean isStrict(Overlay overlay, Manifest gateway) {
        List<Manifest> authentications = overlay.all("PeerAuthentication")
                .filter(one -> one.namespace().equals(gateway.namespace())
                        && (one.at("/spec/selector").isMissingNode()
                                || Overlay.selects(one.map("/spec/selector/matchLabels"), Overlay.podLabels(gateway))))
                .toList();
        return authentications.stream()
                        .anyMatch(one -> one.text("/spec/mtls/mode").equals("STRICT"))
                && authentications.stream()
                        .flatMap(one -> Manifest.list(one.at("/spec/portLevelMtls")).stream())
                        .allMatch(port -> port.path("mode").asText().equals("STRICT"));
    }
}
