package dev.weir.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What Istio's AuthorizationPolicy says. */
final class IstioAuthorization {

    private IstioAuthorization() {}

    /** Those that hold for a workload's pods: by selector, or for the whole namespace. Those of waypoints hold elsewhere. */
    static List<Manifest> of(Overlay overlay, Manifest workload) {
        Map<String, String> labels = Overlay.podLabels(workload);
        return overlay.all("security.istio.io", "AuthorizationPolicy")
                .filter(policy -> policy.namespace().equals(workload.namespace())
                        && policy.at("/spec/targetRefs").isMissingNode()
                        && policy.at("/spec/targetRef").isMissingNode()
                        && (policy.at("/spec/selector").isMissingNode()
                                || Overlay.selects(policy.map("/spec/selector/matchLabels"), labels)))
                .toList();
    }

    static boolean isAllow(Manifest policy) {
        return policy.at("/spec/action").asText("ALLOW").equals("ALLOW");
    }

    /** The rules by which a policy lets in; none when it refuses. */
    static List<JsonNode> allowed(Manifest policy) {
        return isAllow(policy) ? policy.list("/spec/rules") : List.of();
    }

    /** The ports a rule is limited to; empty when it is limited to none. */
    static Set<String> ports(JsonNode rule) {
        Set<String> ports = new HashSet<>();
        for (JsonNode to : Manifest.list(rule.path("to"))) {
            List<JsonNode> named = Manifest.list(to.at("/operation/ports"));
            if (named.isEmpty()) {
                return Set.of();
            }
            named.forEach(port -> ports.add(port.asText()));
        }
        return ports;
    }

    /** Whether every source is a list of workloads. */
    static boolean namesPrincipals(JsonNode rule) {
        List<JsonNode> sources = Manifest.list(rule.path("from"));
        return !sources.isEmpty()
                && sources.stream()
                        .allMatch(source -> source.at("/source/principals").size() > 0
                                || source.at("/source/serviceAccounts").size() > 0);
    }
}
