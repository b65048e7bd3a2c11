package dev.weir.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Senders do not reach 8888: no Service, route, NetworkPolicy or authorization opens it together with 4317 and 4318 or to the same
 * peers. A mesh may carry all ports over one of its own, which a NetworkPolicy cannot tell apart: then the mesh must refuse.
 */
final class AdminPortRule implements Rule {

    /** Istio's HBONE and Linkerd's inbound proxy. */
    private static final List<Integer> TUNNELS = List.of(15008, 4143);

    private static final List<Integer> DOORS = List.of(PortsRule.GRPC, PortsRule.HTTP);
    private static final Set<String> ROUTES =
            Set.of("Ingress", "HTTPRoute", "GRPCRoute", "TCPRoute", "VirtualService", "Gateway");
    private static final Set<String> LEADS_TO = Set.of("backendRefs", "backend", "destination", "defaultBackend");

    @Override
    public void check(Overlay overlay, Consumer<String> fault) {
        overlay.all("Service").forEach(service -> service(service, fault));
        overlay.manifests().stream()
                .filter(manifest -> ROUTES.contains(manifest.kind()))
                .forEach(route -> route(route, route.json(), false, fault));
        for (Manifest gateway : overlay.gateways()) {
            Map<String, String> labels = Overlay.podLabels(gateway);
            boolean tunnelled = false;
            for (Manifest policy : overlay.all("NetworkPolicy")
                    .filter(one -> Overlay.selects(one.map("/spec/podSelector/matchLabels"), labels))
                    .toList()) {
                networkPolicy(policy, fault);
                tunnelled |= policy.list("/spec/ingress").stream()
                        .anyMatch(rule -> TUNNELS.stream().anyMatch(port -> opens(rule, port)));
            }
            List<Manifest> authorizations = IstioAuthorization.of(overlay, gateway);
            authorizations.forEach(policy -> istio(policy, fault));
            linkerd(overlay, fault);
            if (tunnelled
                    && authorizations.stream().noneMatch(IstioAuthorization::isAllow)
                    && overlay.all("policy.linkerd.io", "Server").noneMatch(server -> isOf(server, PortsRule.ADMIN))) {
                fault.accept(gateway
                        + ": the mesh's tunnel carries 8888 too, and nothing in the mesh refuses it to senders");
            }
        }
    }

    private static void service(Manifest service, Consumer<String> fault) {
        Set<Integer> ports = new HashSet<>();
        service.list("/spec/ports").forEach(port -> ports.add(port.path("port").asInt()));
        if (!ports.contains(PortsRule.ADMIN)) {
            return;
        }
        if (DOORS.stream().anyMatch(ports::contains)) {
            fault.accept(service + ": has 8888 beside the ports of senders");
        }
        if (!service.at("/spec/type").asText("ClusterIP").equals("ClusterIP")) {
            fault.accept(service + ": 8888 is open to the outside by type " + service.text("/spec/type"));
        }
    }

    private static void route(Manifest route, JsonNode node, boolean leadsTo, Consumer<String> fault) {
        if (leadsTo && node.isObject()) {
            String host = node.path("name").asText()
                    + node.path("host").asText()
                    + node.at("/service/name").asText();
            int port =
                    Math.max(node.path("port").asInt(), node.at("/port/number").asInt());
            int ofService = node.at("/service/port/number").asInt();
            if (host.startsWith("weir-admin")
                    || (host.startsWith("weir") && Math.max(port, ofService) == PortsRule.ADMIN)) {
                fault.accept(route + ": leads to 8888");
            }
        }
        node.properties().forEach(field -> {
            boolean target = LEADS_TO.contains(field.getKey());
            if (field.getValue().isArray()) {
                field.getValue().forEach(element -> route(route, element, target, fault));
            } else {
                route(route, field.getValue(), target, fault);
            }
        });
    }

    private static void networkPolicy(Manifest policy, Consumer<String> fault) {
        Set<JsonNode> senders = new HashSet<>();
        policy.list("/spec/ingress").stream()
                .filter(rule -> DOORS.stream().anyMatch(port -> opens(rule, port)))
                .forEach(rule -> senders.addAll(Manifest.list(rule.path("from"))));
        for (JsonNode rule : policy.list("/spec/ingress")) {
            if (!opens(rule, PortsRule.ADMIN)) {
                continue;
            }
            if (DOORS.stream().anyMatch(port -> opens(rule, port))) {
                fault.accept(policy + ": a rule opens 8888 to who may send");
            }
            for (JsonNode peer : Manifest.list(rule.path("from"))) {
                if (senders.contains(peer)) {
                    fault.accept(policy + ": the same peers may send and reach 8888");
                }
                if (peer.has("ipBlock")
                        && !isOneAddress(peer.at("/ipBlock/cidr").asText())) {
                    fault.accept(policy + ": 8888 is open to a network");
                }
                if (!peer.has("ipBlock") && peer.at("/podSelector/matchLabels").isEmpty()) {
                    fault.accept(policy + ": 8888 is open to all pods of a namespace");
                }
            }
        }
    }

    /** Such as that from which probes come in ambient mode. */
    private static boolean isOneAddress(String cidr) {
        return cidr.endsWith("/32") || cidr.endsWith("/128");
    }

    /** Whether a rule of a NetworkPolicy opens a port; one without ports opens all. */
    static boolean opens(JsonNode rule, int number) {
        List<JsonNode> ports = Manifest.list(rule.path("ports"));
        return ports.isEmpty()
                || ports.stream().anyMatch(port -> {
                    JsonNode first = port.path("port");
                    int last = port.path("endPort").asInt(first.asInt());
                    return first.isMissingNode()
                            || first.asText().equals("http-admin") && number == PortsRule.ADMIN
                            || first.asInt() <= number && number <= last;
                });
    }

    private static void istio(Manifest policy, Consumer<String> fault) {
        for (JsonNode rule : IstioAuthorization.allowed(policy)) {
            Set<String> ports = IstioAuthorization.ports(rule);
            if (!ports.isEmpty() && !ports.contains("8888")) {
                continue;
            }
            if (ports.isEmpty()) {
                fault.accept(policy + ": a rule that names no ports in each operation opens 8888 too");
            } else if (ports.contains("4317") || ports.contains("4318")) {
                fault.accept(policy + ": a rule opens 8888 to who may send");
            } else if (!IstioAuthorization.namesPrincipals(rule)) {
                fault.accept(policy + ": 8888 must be opened to principals or service accounts, not to more");
            }
        }
    }

    private static void linkerd(Overlay overlay, Consumer<String> fault) {
        Set<String> senders = new HashSet<>();
        Set<String> operators = new HashSet<>();
        overlay.all("policy.linkerd.io", "Server").forEach(server -> {
            Set<String> admitted = isOf(server, PortsRule.ADMIN) ? operators : senders;
            if (server.text("/spec/accessPolicy").startsWith("all-")) {
                fault.accept(server + ": accessPolicy " + server.text("/spec/accessPolicy") + " lets everybody in");
            }
            overlay.all("policy.linkerd.io", "AuthorizationPolicy")
                    .filter(policy -> LinkerdAuthorization.targets(overlay, policy, server))
                    .forEach(policy -> admitted.addAll(LinkerdAuthorization.admitted(overlay, policy)));
        });
        operators.removeIf(
                operator -> senders.stream().noneMatch(sender -> LinkerdAuthorization.overlap(operator, sender)));
        operators.forEach(both -> fault.accept(both + ": admits senders to 8888"));
    }

    private static boolean isOf(Manifest server, int port) {
        String named = server.text("/spec/port");
        return named.equals(String.valueOf(port)) || (port == PortsRule.ADMIN && named.equals("http-admin"));
    }
}
