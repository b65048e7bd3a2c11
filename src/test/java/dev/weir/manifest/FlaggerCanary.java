package dev.weir.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A Canary of Flagger's, which makes the senders' Service itself: with the port that it names and, by {@code portDiscovery},
 * with every other one that the container names.
 *
 * @param ports of the Service that Flagger makes
 */
record FlaggerCanary(Manifest canary, Overlay overlay, Set<Integer> ports) {

    /** The one that leads a workload. */
    static @Nullable FlaggerCanary of(Overlay overlay, Manifest gateway) {
        return overlay.all("flagger.app", "Canary")
                .filter(one -> one.namespace().equals(gateway.namespace())
                        && one.text("/spec/targetRef/kind").equals(gateway.kind())
                        && one.text("/spec/targetRef/name").equals(gateway.name()))
                .findFirst()
                .map(one -> new FlaggerCanary(one, overlay, ports(one, gateway)))
                .orElse(null);
    }

    private static Set<Integer> ports(Manifest canary, Manifest gateway) {
        Set<Integer> ports =
                new HashSet<>(Set.of(canary.at("/spec/service/port").asInt()));
        if (canary.at("/spec/service/portDiscovery").asBoolean(false)) {
            for (JsonNode port : Manifest.list(Overlay.container(gateway).path("ports"))) {
                ports.add(port.path("containerPort").asInt());
            }
        }
        return ports;
    }

    void check(Consumer<String> fault) {
        if (ports.contains(PortsRule.ADMIN)) {
            fault.accept(canary + ": puts 8888 on the Service of senders; the container must not name it");
        }
        for (JsonNode metric : canary.list("/spec/analysis/metrics")) {
            JsonNode reference = metric.path("templateRef");
            boolean there = overlay.one("MetricTemplate", reference.path("name").asText())
                    .filter(template -> template.namespace()
                            .equals(reference.path("namespace").asText(canary.namespace())))
                    .isPresent();
            if (reference.isObject() && !there) {
                fault.accept(canary + ": there is no MetricTemplate "
                        + reference.path("name").asText());
            }
        }
        String service = canary.text("/spec/service/name");
        if (overlay.one("Service", service).isPresent()) {
            fault.accept(
                    "Service/" + service + ": is " + canary + "'s to make; applied again, its selector is turned back");
        }
    }
}
