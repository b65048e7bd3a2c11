package dev.weir.manifest;

import java.util.Map;
import java.util.function.Consumer;

/** The versions of mesh APIs that are current: older ones are still served, and will not be for ever. */
final class VersionsRule implements Rule {

    private static final Map<String, String> CURRENT = Map.ofEntries(
            Map.entry("networking.istio.io/VirtualService", "v1"),
            Map.entry("networking.istio.io/DestinationRule", "v1"),
            Map.entry("networking.istio.io/Gateway", "v1"),
            Map.entry("networking.istio.io/Sidecar", "v1"),
            Map.entry("networking.istio.io/ServiceEntry", "v1"),
            Map.entry("networking.istio.io/ProxyConfig", "v1beta1"),
            Map.entry("networking.istio.io/EnvoyFilter", "v1alpha3"),
            Map.entry("security.istio.io/AuthorizationPolicy", "v1"),
            Map.entry("security.istio.io/PeerAuthentication", "v1"),
            Map.entry("security.istio.io/RequestAuthentication", "v1"),
            Map.entry("telemetry.istio.io/Telemetry", "v1"),
            Map.entry("gateway.networking.k8s.io/Gateway", "v1"),
            Map.entry("gateway.networking.k8s.io/HTTPRoute", "v1"),
            Map.entry("gateway.networking.k8s.io/GRPCRoute", "v1"),
            Map.entry("autoscaling/HorizontalPodAutoscaler", "v2"),
            Map.entry("policy.linkerd.io/Server", "v1beta3"),
            Map.entry("policy.linkerd.io/AuthorizationPolicy", "v1alpha1"),
            Map.entry("policy.linkerd.io/MeshTLSAuthentication", "v1alpha1"),
            Map.entry("policy.linkerd.io/NetworkAuthentication", "v1alpha1"),
            Map.entry("linkerd.io/ServiceProfile", "v1alpha2"));

    @Override
    public void check(Overlay overlay, Consumer<String> fault) {
        for (Manifest manifest : overlay.manifests()) {
            String current = CURRENT.get(manifest.group() + "/" + manifest.kind());
            if (current != null && !manifest.apiVersion().equals(manifest.group() + "/" + current)) {
                fault.accept(manifest + ": is " + manifest.apiVersion() + ", current is " + manifest.group() + "/"
                        + current);
            }
        }
    }
}
