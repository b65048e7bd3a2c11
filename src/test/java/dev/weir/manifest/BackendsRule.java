package dev.weir.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What leaves the mesh for a backend is known to it, and goes by TLS to whom it is meant for. */
final class BackendsRule implements Rule {

    private static final Set<String> VERIFIED = Set.of("SIMPLE", "MUTUAL");

    @Override
    public void check(Overlay overlay, Consumer<String> fault) {
        overlay.all("DestinationRule")
                .filter(rule -> isOutside(rule.text("/spec/host")))
                .forEach(rule -> destination(overlay, rule, fault));
        overlay.all("ServiceEntry")
                .filter(entry -> !entry.text("/spec/location").equals("MESH_INTERNAL"))
                .forEach(entry -> entry.list("/spec/hosts")
                        .forEach(host -> ports(entry)
                                .filter(port -> overlay.all("DestinationRule")
                                        .filter(rule -> rule.text("/spec/host").equals(host.asText()))
                                        .noneMatch(rule -> isEncrypted(rule, port)))
                                .forEach(port -> fault.accept(entry + ": what goes to port " + port + " of "
                                        + host.asText() + " leaves the mesh without TLS"))));
    }

    private static boolean isOutside(String host) {
        return host.contains(".") && !host.endsWith(".svc.cluster.local");
    }

    private static void destination(Overlay overlay, Manifest rule, Consumer<String> fault) {
        String host = rule.text("/spec/host");
        List<Manifest> entries = overlay.all("ServiceEntry")
                .filter(entry -> entry.list("/spec/hosts").stream()
                        .anyMatch(one -> one.asText().equals(host)))
                .toList();
        if (entries.isEmpty()) {
            fault.accept(rule + ": no ServiceEntry has its host " + host);
            return;
        }
        Set<Integer> ports = entries.stream().flatMap(BackendsRule::ports).collect(Collectors.toSet());
        rule.list("/spec/trafficPolicy/portLevelSettings").stream()
                .map(setting -> setting.at("/port/number").asInt())
                .filter(port -> !ports.contains(port))
                .forEach(port -> fault.accept(rule + ": port " + port + " is none of its ServiceEntry's"));
        settings(rule).map(setting -> setting.path("tls")).forEach(tls -> {
            if (!tls.isMissingNode() && !VERIFIED.contains(tls.path("mode").asText())) {
                fault.accept(rule + ": TLS mode " + tls.path("mode").asText() + " is none for outside of the mesh");
            } else if (!tls.isMissingNode() && tls.path("subjectAltNames").isEmpty()) {
                fault.accept(rule + ": without subjectAltNames any certificate of a known authority will do");
            }
        });
    }

    private static boolean isEncrypted(Manifest rule, int port) {
        return settings(rule)
                .filter(setting -> setting.path("port").isMissingNode()
                        || setting.at("/port/number").asInt() == port)
                .anyMatch(setting -> VERIFIED.contains(setting.at("/tls/mode").asText()));
    }

    /** What is said of the whole host, and of its ports. */
    private static Stream<JsonNode> settings(Manifest rule) {
        return Stream.concat(
                Stream.of(rule.at("/spec/trafficPolicy")), rule.list("/spec/trafficPolicy/portLevelSettings").stream());
    }

    private static Stream<Integer> ports(Manifest entry) {
        return entry.list("/spec/ports").stream()
                .map(port -> port.path("number").asInt());
    }
}
