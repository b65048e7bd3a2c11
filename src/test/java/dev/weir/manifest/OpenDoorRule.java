package dev.weir.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Nothing lets everybody in: an empty rule, an empty peer, or a wildcard. */
final class OpenDoorRule implements Rule {

    /** By which Istio says who may come; the others, such as {@code notNamespaces}, say who may not. */
    private static final List<String> POSITIVE = List.of("principals", "namespaces", "serviceAccounts");

    /** The widest that Linkerd may be told: the accounts of one namespace. */
    private static final Pattern OF_A_NAMESPACE = Pattern.compile("[*][.][a-z0-9-]+[.]serviceaccount[.]identity[.].+");

    @Override
    public void check(Overlay overlay, Consumer<String> fault) {
        overlay.all("NetworkPolicy").forEach(policy -> networkPolicy(policy, fault));
        overlay.all("security.istio.io", "AuthorizationPolicy").forEach(policy -> istio(policy, fault));
        overlay.all("policy.linkerd.io", "MeshTLSAuthentication").forEach(one -> identities(one, fault));
        overlay.all("policy.linkerd.io", "NetworkAuthentication").forEach(one -> networks(one, fault));
        overlay.all("policy.linkerd.io", "AuthorizationPolicy")
                .filter(policy -> policy.at("/spec/requiredAuthenticationRefs").isEmpty())
                .forEach(policy -> fault.accept(policy + ": requires no authentication, which lets everybody in"));
    }

    private static void networkPolicy(Manifest policy, Consumer<String> fault) {
        for (JsonNode rule : policy.list("/spec/ingress")) {
            if (rule.path("from").isEmpty()) {
                fault.accept(policy + ": an ingress rule without 'from' lets everybody in");
            }
            if (rule.path("ports").isEmpty()) {
                fault.accept(policy + ": an ingress rule without 'ports' opens all");
            }
            for (JsonNode peer : Manifest.list(rule.path("from"))) {
                if (isEmptySelector(peer, "namespaceSelector")
                        && peer.path("podSelector").isEmpty()) {
                    fault.accept(policy + ": an empty namespaceSelector lets every pod in");
                }
                if (peer.at("/ipBlock/cidr").asText().endsWith("/0")) {
                    fault.accept(policy + ": " + peer.at("/ipBlock/cidr").asText() + " is everybody");
                }
                if (peer.isEmpty()) {
                    fault.accept(policy + ": an empty peer lets everybody in");
                }
            }
        }
    }

    private static boolean isEmptySelector(JsonNode peer, String selector) {
        return peer.has(selector) && peer.path(selector).isEmpty();
    }

    private static void istio(Manifest policy, Consumer<String> fault) {
        for (JsonNode rule : IstioAuthorization.allowed(policy)) {
            if (rule.isEmpty()) {
                fault.accept(policy + ": an empty rule {} lets everybody in");
            } else if (rule.path("from").isEmpty()) {
                fault.accept(policy + ": a rule without 'from' lets everybody in");
            }
            for (JsonNode from : Manifest.list(rule.path("from"))) {
                if (from.path("source").isEmpty()) {
                    fault.accept(policy + ": an empty source is everybody");
                } else if (POSITIVE.stream()
                        .allMatch(name -> from.path("source").path(name).isEmpty())) {
                    fault.accept(policy + ": a source that names none of " + POSITIVE + " is everybody else");
                }
                from.path("source")
                        .forEach(values -> values.forEach(value -> {
                            if (value.asText().equals("*")) {
                                fault.accept(policy + ": the source * is everybody");
                            }
                        }));
            }
        }
    }

    private static void identities(Manifest authentication, Consumer<String> fault) {
        authentication.list("/spec/identities").forEach(identity -> {
            String name = identity.asText();
            if (name.startsWith("*") && !OF_A_NAMESPACE.matcher(name).matches()) {
                fault.accept(authentication + ": the identity " + name + " is everybody in the mesh");
            }
        });
        authentication.list("/spec/identityRefs").forEach(reference -> {
            if (!reference.has("name")
                    && reference.path("namespace").asText().isEmpty()
                    && reference.path("kind").asText().equals("Namespace")) {
                fault.accept(authentication + ": a Namespace without a name");
            }
        });
    }

    private static void networks(Manifest authentication, Consumer<String> fault) {
        authentication.list("/spec/networks").forEach(network -> {
            if (network.path("cidr").asText().endsWith("/0")) {
                fault.accept(authentication + ": " + network.path("cidr").asText() + " is everybody");
            }
        });
    }
}
