package dev.weir.manifest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Istio's proxy beside Weir lives as long as Weir does, shows its metrics, and goes nowhere but to its backends. */
final class SidecarRule implements Rule {

    /** What the agent reads inside of the pod, to merge it with Envoy's own. */
    private static final Map<String, String> MERGED = Map.of(
            "prometheus.io/scrape",
            "true",
            "prometheus.io/port",
            String.valueOf(PortsRule.ADMIN),
            "prometheus.io/path",
            "/q/metrics");

    @Override
    public void check(Overlay overlay, Consumer<String> fault) {
        for (Manifest gateway : overlay.gateways()) {
            Map<String, String> labels = Overlay.podLabels(gateway);
            if (!"true".equals(labels.get("sidecar.istio.io/inject"))) {
                continue;
            }
            Map<String, String> notes = gateway.map("/spec/template/metadata/annotations");
            MERGED.forEach((note, value) -> {
                if (!value.equals(notes.get(note))) {
                    fault.accept(gateway + ": " + note + " must be " + value + ", or Weir's metrics are not merged");
                }
            });
            life(gateway, notes.getOrDefault("proxy.istio.io/config", ""), fault);
            List<Manifest> sidecars = overlay.all("networking.istio.io", "Sidecar")
                    .filter(one -> Overlay.selects(one.map("/spec/workloadSelector/labels"), labels))
                    .toList();
            if (sidecars.isEmpty()) {
                fault.accept(gateway + ": no Sidecar says where its proxy may go");
            }
            sidecars.forEach(sidecar -> reach(sidecar, fault));
        }
    }

    private static void life(Manifest gateway, String config, Consumer<String> fault) {
        JsonNode proxy = read(config);
        if (!proxy.path("holdApplicationUntilProxyStarts").asBoolean(false)) {
            fault.accept(gateway + ": must have holdApplicationUntilProxyStarts, or it starts before its proxy");
        }
        int grace =
                gateway.at("/spec/template/spec/terminationGracePeriodSeconds").asInt(30);
        String drain = proxy.path("terminationDrainDuration").asText("5s");
        if (!drain.matches("\\d+s") || Integer.parseInt(drain.replace("s", "")) < grace) {
            fault.accept(gateway + ": terminationDrainDuration is " + drain + ", its grace period " + grace
                    + " s: the proxy would end first, and with it the exporters' way out");
        }
    }

    private static JsonNode read(String config) {
        try {
            return new YAMLMapper().readTree(config);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("proxy.istio.io/config: " + e.getMessage(), e);
        }
    }

    private static void reach(Manifest sidecar, Consumer<String> fault) {
        if (!sidecar.text("/spec/outboundTrafficPolicy/mode").equals("REGISTRY_ONLY")) {
            fault.accept(sidecar + ": lets Weir out to whom the mesh does not know, without REGISTRY_ONLY");
        }
        for (JsonNode egress : sidecar.list("/spec/egress")) {
            egress.path("hosts").forEach(host -> {
                if (host.asText().startsWith("*/")) {
                    fault.accept(sidecar + ": " + host.asText() + " is every namespace");
                }
            });
        }
    }
}
