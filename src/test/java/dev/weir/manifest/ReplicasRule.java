package dev.weir.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.function.Consumer;

/**
 * An autoscaler has a target, at least two replicas, and the number of them to itself; where ratio sampling allows for more than
 * one, there are.
 */
final class ReplicasRule implements Rule {

    @Override
    public void check(Overlay overlay, Consumer<String> fault) {
        for (Manifest scaler : overlay.all("HorizontalPodAutoscaler").toList()) {
            String target = scaler.text("/spec/scaleTargetRef/name");
            List<Manifest> targets = overlay.gateways().stream()
                    .filter(gateway -> gateway.name().equals(target)
                            && gateway.kind().equals(scaler.text("/spec/scaleTargetRef/kind")))
                    .toList();
            if (targets.isEmpty()) {
                fault.accept(scaler + ": there is no " + scaler.text("/spec/scaleTargetRef/kind") + "/" + target);
            }
            int least = scaler.at("/spec/minReplicas").asInt(1);
            if (least < 2 || scaler.at("/spec/maxReplicas").asInt() < least) {
                fault.accept(scaler + ": must keep at least 2 replicas, and at most no fewer");
            }
            for (Manifest gateway : targets) {
                if (!gateway.at("/spec/replicas").isMissingNode()) {
                    fault.accept(gateway + ": names a number of replicas, which undoes the autoscaler's");
                }
                for (JsonNode metric : scaler.list("/spec/metrics")) {
                    metric(scaler, metric, gateway, fault);
                }
            }
        }
        List<Manifest> ratio = overlay.gateways().stream()
                .filter(gateway -> Configurations.isRatio(overlay, gateway))
                .toList();
        if (!ratio.isEmpty() && ratio.stream().allMatch(gateway -> replicas(overlay, gateway) < 2)) {
            fault.accept(
                    ratio.getFirst() + ": sample.ratio, and neither an autoscaler nor replicas that keep two of it");
        }
    }

    /** How many there are at least. */
    private static int replicas(Overlay overlay, Manifest gateway) {
        return overlay.all("HorizontalPodAutoscaler")
                .filter(scaler -> scaler.text("/spec/scaleTargetRef/name").equals(gateway.name()))
                .findFirst()
                .map(scaler -> scaler.at("/spec/minReplicas"))
                .orElseGet(() -> gateway.at("/spec/replicas"))
                .asInt(1);
    }

    private static void metric(Manifest scaler, JsonNode metric, Manifest gateway, Consumer<String> fault) {
        JsonNode resource = metric.path("containerResource");
        if (resource.isMissingNode()) {
            return;
        }
        boolean requested = gateway.list("/spec/template/spec/containers").stream()
                .anyMatch(container -> container.path("name").equals(resource.path("container"))
                        && container
                                .at("/resources/requests")
                                .has(resource.path("name").asText()));
        if (!requested) {
            fault.accept(scaler + ": no container "
                    + resource.path("container").asText() + " requests "
                    + resource.path("name").asText());
        }
    }
}
