package dev.weir.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.app.ConfigFile;
import dev.weir.app.WeirConfig;
import dev.weir.export.ExportConfig;
import io.fabric8.kubernetes.api.model.Quantity;
import java.net.URI;
import java.util.List;
import java.util.function.Consumer;

/** {@code weir.yaml} has no fault, is where the container looks for it, can change there, and fits the pod. */
final class ConfigurationRule implements Rule {

    private static final double OF_CONTAINER = 0.8;

    @Override
    public void check(Overlay overlay, Consumer<String> fault) {
        for (Manifest gateway : overlay.gateways()) {
            if (overlay.configuration(gateway).isEmpty()) {
                fault.accept(gateway + ": mounts no ConfigMap with weir.yaml");
                continue;
            }
            mount(gateway, fault);
            ConfigFile.Checked checked = Configurations.check(overlay, gateway);
            checked.faults().forEach(one -> fault.accept(gateway + ": weir.yaml: " + one));
            WeirConfig config = checked.config();
            if (config != null) {
                memory(gateway, config, fault);
                port(gateway, "weir.receive.grpc.port", config.receive().grpc().port(), PortsRule.GRPC, fault);
                port(gateway, "weir.receive.http.port", config.receive().http().port(), PortsRule.HTTP, fault);
                port(gateway, "quarkus.http.port", Configurations.adminPort(overlay, gateway), PortsRule.ADMIN, fault);
                config.export().forEach((name, destination) -> egress(overlay, gateway, name, destination, fault));
            }
        }
    }

    private static void mount(Manifest gateway, Consumer<String> fault) {
        List<JsonNode> mounts = Manifest.list(Overlay.container(gateway).path("volumeMounts"));
        List<JsonNode> words = Manifest.list(Overlay.container(gateway).path("args"));
        String file = "";
        for (int i = 0; i + 1 < words.size(); i++) {
            file = words.get(i).asText().equals("--config") ? words.get(i + 1).asText() : file;
        }
        String path = file;
        JsonNode mount = mounts.stream()
                .filter(one -> path.equals(one.path("mountPath").asText() + "/weir.yaml"))
                .findFirst()
                .orElse(null);
        if (mount == null) {
            fault.accept(gateway + ": --config " + path + " is not in the folder where the ConfigMap is mounted");
        }
        mounts.stream()
                .filter(one -> one.has("subPath") || one.has("subPathExpr"))
                .forEach(one -> fault.accept(gateway + ": what is mounted by subPath at "
                        + one.path("mountPath").asText() + " never changes"));
    }

    private static void port(Manifest gateway, String key, int port, int known, Consumer<String> fault) {
        if (port != known) {
            fault.accept(gateway + ": " + key + " is " + port + ", container and Services have " + known);
        }
    }

    private static void memory(Manifest gateway, WeirConfig config, Consumer<String> fault) {
        String limit = Overlay.container(gateway).at("/resources/limits/memory").asText("0");
        double most = Quantity.getAmountInBytes(new Quantity(limit)).doubleValue() * OF_CONTAINER;
        config.memory()
                .limit()
                .filter(bytes -> bytes.bytes() > most)
                .ifPresent(bytes ->
                        fault.accept(gateway + ": weir.memory.limit is over 80 % of the container's " + limit));
    }

    /** The NetworkPolicy lets out what goes to a destination, as far as its port says. */
    private static void egress(
            Overlay overlay, Manifest gateway, String name, ExportConfig destination, Consumer<String> fault) {
        URI endpoint = URI.create(destination.endpoint());
        int port = endpoint.getPort() > 0 ? endpoint.getPort() : "https".equals(endpoint.getScheme()) ? 443 : 80;
        boolean open = overlay.all("NetworkPolicy")
                .filter(policy ->
                        Overlay.selects(policy.map("/spec/podSelector/matchLabels"), Overlay.podLabels(gateway)))
                .flatMap(policy -> policy.list("/spec/egress").stream())
                .anyMatch(rule -> AdminPortRule.opens(rule, port));
        if (!open) {
            fault.accept(gateway + ": no NetworkPolicy lets out to port " + port + " of weir.export." + name);
        }
    }
}
