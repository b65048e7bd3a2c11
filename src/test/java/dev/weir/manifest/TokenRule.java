package dev.weir.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Who comes through a gateway of the mesh shows a token, wherever the gateway's pods are: a Gateway is taken by pods of every
 * namespace, what guards it only by those of its own, or of all when it stands in the root namespace.
 */
final class TokenRule implements Rule {

    /** Istio's {@code meshConfig.rootNamespace}. */
    private static final String ROOT = "istio-system";

    @Override
    public void check(Overlay overlay, Consumer<String> fault) {
        overlay.all("networking.istio.io", "Gateway").forEach(gateway -> gateway(overlay, gateway, fault));
    }

    private static void gateway(Overlay overlay, Manifest gateway, Consumer<String> fault) {
        Map<String, String> selector = gateway.map("/spec/selector");
        List<Manifest> guards = Stream.concat(
                        overlay.all("RequestAuthentication"),
                        overlay.all("security.istio.io", "AuthorizationPolicy")
                                .filter(policy -> !IstioAuthorization.isAllow(policy)))
                .toList();
        for (Manifest guard : guards) {
            if (!guard.namespace().equals(ROOT)) {
                fault.accept(guard + ": holds for gateways in " + guard.namespace() + " only; " + gateway
                        + " is taken by those of other namespaces too");
            }
            if (!guard.map("/spec/selector/matchLabels").equals(selector)) {
                fault.accept(guard + ": selects other pods than " + gateway);
            }
        }
        if (guards.stream().noneMatch(guard -> guard.kind().equals("RequestAuthentication"))) {
            fault.accept(gateway + ": no RequestAuthentication reads tokens");
        }
        for (JsonNode server : gateway.list("/spec/servers")) {
            if (server.at("/tls/mode").isMissingNode()) {
                fault.accept(gateway + ": takes tokens without TLS");
            }
            server.path("hosts").forEach(host -> {
                String name = host.asText().substring(host.asText().indexOf('/') + 1);
                if (guards.stream().noneMatch(guard -> asksForToken(guard, Set.of(name, name + ":*")))) {
                    fault.accept(gateway + ": " + name + " is open to who shows no token");
                }
            });
        }
    }

    /** Whether it refuses, for all of these hosts, who has no token. */
    private static boolean asksForToken(Manifest policy, Set<String> names) {
        return policy.list("/spec/rules").stream()
                .filter(rule -> Manifest.list(rule.path("from")).stream()
                        .anyMatch(
                                from -> !from.at("/source/notRequestPrincipals").isEmpty()))
                .anyMatch(rule -> {
                    Set<String> hosts = new HashSet<>();
                    rule.path("to").forEach(to -> to.at("/operation/hosts").forEach(host -> hosts.add(host.asText())));
                    return hosts.containsAll(names);
                });
    }
}
