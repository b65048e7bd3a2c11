package dev.weir.manifest;

import java.util.List;

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

    /** Whom it admits, as {@code Kind/name}. */
    static List<String> admitted(Manifest policy) {
        return policy.list("/spec/requiredAuthenticationRefs").stream()
                .map(reference -> reference.path("kind").asText() + "/"
                        + reference.path("name").asText())
                .toList();
    }
}
