package dev.weir.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Stream;

/** What Linkerd's AuthorizationPolicy says. */
final class LinkerdAuthorization {

    private LinkerdAuthorization() {}

    /** Whether a policy is about a Server: by name, by a route of it, or by its namespace. */
    static boolean targets(Overlay overlay, Manifest policy, Manifest server) {
        String kind = policy.text("/spec/targetRef/kind");
        String name = policy.text("/spec/targetRef/name");
        return switch (kind) {
            case "Server" -> name.equals(server.name());
            case "Namespace" -> name.equals(server.namespace());
            default ->
                overlay.one(kind, name).stream()
                        .flatMap(route -> route.list("/spec/parentRefs").stream())
                        .anyMatch(parent -> parent.path("name").asText().equals(server.name()));
        };
    }

    /** Whom it admits: identities; as {@code Kind/name} what names none, or is not there. */
    static List<String> admitted(Overlay overlay, Manifest policy) {
        return policy.list("/spec/requiredAuthenticationRefs").stream()
                .flatMap(reference -> {
                    String kind = reference.path("kind").asText();
                    String name = reference.path("name").asText();
                    List<String> identities = overlay.one(kind, name).stream()
                            .flatMap(one -> one.list("/spec/identities").stream())
                            .map(JsonNode::asText)
                            .toList();
                    return identities.isEmpty() ? Stream.of(kind + "/" + name) : identities.stream();
                })
                .toList();
    }

    /** Whether somebody may be both: the same, or one stands for many of which the other is one. */
    static boolean overlap(String one, String other) {
        return one.equals(other) || covers(one, other) || covers(other, one);
    }

    private static boolean covers(String wide, String narrow) {
        return wide.startsWith("*") && !narrow.contains("/") && narrow.endsWith(wide.substring(1));
    }
}
