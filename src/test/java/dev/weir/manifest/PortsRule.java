package dev.weir.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The names and protocols by which meshes know the ports, the same in container and Service; and that whatever selects pods
 * of Weir does so.
 */
final class PortsRule implements Rule {

    static final int GRPC = 4317;
    static final int HTTP = 4318;
    static final int ADMIN = 8888;

    private static final Map<Integer, String> NAMES = Map.of(GRPC, "grpc-otlp", HTTP, "http-otlp", ADMIN, "http-admin");

    @Override
    public void check(Overlay overlay, Consumer<String> fault) {
        for (Manifest gateway : overlay.gateways()) {
            Map<String, String> labels = Overlay.podLabels(gateway);
            if (!"weir".equals(labels.get("app.kubernetes.io/name"))) {
                fault.accept(gateway + ": its pods are not labelled app.kubernetes.io/name: weir");
            }
            if (!Overlay.selects(gateway.map("/spec/selector/matchLabels"), labels)) {
                fault.accept(gateway + ": its selector does not select its own pods");
            }
            FlaggerCanary canary = FlaggerCanary.of(overlay, gateway);
            NAMES.forEach((port, name) -> {
                if (port != ADMIN || canary == null) {
                    containerPort(gateway, port, name, fault);
                }
            });
            if (canary != null) {
                canary.check(fault);
            }
            List<Manifest> services = overlay.all("Service")
                    .filter(service -> Overlay.selects(service.map("/spec/selector"), labels))
                    .toList();
            for (int port : List.of(GRPC, HTTP, ADMIN)) {
                boolean made = canary != null && canary.ports().contains(port);
                if (!made && services.stream().noneMatch(service -> port(service, port) != null)) {
                    fault.accept(gateway + ": no Service has port " + port + " of it");
                }
            }
            services.forEach(service -> service(service, fault));
            for (String kind : List.of("PodDisruptionBudget", "NetworkPolicy")) {
                String pointer = kind.equals("NetworkPolicy") ? "/spec/podSelector" : "/spec/selector";
                if (overlay.all(kind).noneMatch(one -> Overlay.selects(one.map(pointer + "/matchLabels"), labels))) {
                    fault.accept(gateway + ": no " + kind + " selects its pods");
                }
            }
        }
        overlay.all("ServiceMonitor").forEach(monitor -> monitor(overlay, monitor, fault));
    }

    private static void containerPort(Manifest gateway, int port, String name, Consumer<String> fault) {
        boolean named = Manifest.list(Overlay.container(gateway).path("ports")).stream()
                .anyMatch(one -> one.path("containerPort").asInt() == port
                        && one.path("name").asText().equals(name));
        if (!named) {
            fault.accept(gateway + ": container port " + port + " named " + name + " is missing");
        }
    }

    private static void service(Manifest service, Consumer<String> fault) {
        String type = service.at("/spec/type").asText("ClusterIP");
        if (!type.equals("ClusterIP") || !service.list("/spec/externalIPs").isEmpty()) {
            fault.accept(
                    service + ": opens its ports to the outside; senders there come through a gateway, with a token");
        }
        for (JsonNode port : service.list("/spec/ports")) {
            int number = port.path("port").asInt();
            String name = NAMES.get(number);
            if (name == null) {
                fault.accept(service + ": port " + number + " is none of Weir's");
                continue;
            }
            if (!port.path("name").asText().equals(name)) {
                fault.accept(service + ": port " + number + " must be named " + name);
            }
            String target = port.path("targetPort").asText(String.valueOf(number));
            if (!target.equals(name) && !target.equals(String.valueOf(number))) {
                fault.accept(service + ": port " + number + " leads to " + target);
            }
            String protocol = number == GRPC ? "grpc" : "http";
            if (!port.path("appProtocol").asText().equals(protocol)) {
                fault.accept(service + ": port " + number + " must have appProtocol: " + protocol);
            }
        }
    }

    private static @Nullable JsonNode port(Manifest service, int number) {
        return service.list("/spec/ports").stream()
                .filter(port -> port.path("port").asInt() == number)
                .findFirst()
                .orElse(null);
    }

    private static void monitor(Overlay overlay, Manifest monitor, Consumer<String> fault) {
        for (JsonNode endpoint : monitor.list("/spec/endpoints")) {
            String name = endpoint.path("port").asText();
            boolean found = overlay.all("Service")
                    .filter(service ->
                            Overlay.selects(monitor.map("/spec/selector/matchLabels"), service.map("/metadata/labels")))
                    .flatMap(service -> service.list("/spec/ports").stream())
                    .anyMatch(port -> port.path("name").asText().equals(name));
            if (!found) {
                fault.accept(monitor + ": no Service that it selects has a port " + name);
            }
        }
    }
}
