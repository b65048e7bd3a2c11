package dev.weir.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * With tail sampling each trace must come together in one place: exactly one replica, which is gone before its successor starts,
 * no autoscaler, no second workload, and no traffic by weight.
 */
final class TailRule implements Rule {

    private static final Set<String> SCALERS = Set.of("HorizontalPodAutoscaler", "ScaledObject");
    private static final Set<String> SPLITS =
            Set.of("HTTPRoute", "GRPCRoute", "VirtualService", "TrafficSplit", "Canary");

    @Override
    public void check(Overlay overlay, Consumer<String> fault) {
        List<Manifest> gateways = overlay.gateways();
        for (Manifest gateway : gateways) {
            if (!Configurations.isTail(overlay, gateway)) {
                continue;
            }
            String said = gateway + ": sample.tail has ";
            if (gateways.size() > 1) {
                fault.accept(said + gateways.size() + " workloads");
            }
            if (gateway.at("/spec/replicas").asInt(-1) != 1) {
                fault.accept(said + "no 'replicas: 1'");
            }
            if (!gateway.text("/spec/strategy/type").equals("Recreate")) {
                fault.accept(said + "no 'strategy: Recreate': for a while there would be two replicas");
            }
            overlay.manifests().stream()
                    .filter(one -> SCALERS.contains(one.kind())
                            && one.text("/spec/scaleTargetRef/name").equals(gateway.name()))
                    .forEach(scaler -> fault.accept(said + "an autoscaler, " + scaler));
            overlay.manifests().stream()
                    .filter(one -> SPLITS.contains(one.kind()) && splits(one))
                    .forEach(split -> fault.accept(said + "a weighted split, " + split));
        }
    }

    /** Whether it sends a part of Weir's traffic elsewhere than the rest. */
    private static boolean splits(Manifest route) {
        if (route.kind().equals("Canary")) {
            return isWeir(route.at("/spec/targetRef"));
        }
        if (route.kind().equals("TrafficSplit")) {
            return route.text("/spec/service").startsWith("weir");
        }
        String rules = route.kind().equals("VirtualService") ? "/spec/http" : "/spec/rules";
        String targets = route.kind().equals("VirtualService") ? "route" : "backendRefs";
        Set<String> places = new HashSet<>();
        for (JsonNode rule : route.list(rules)) {
            List<JsonNode> to = Manifest.list(rule.path(targets));
            List<JsonNode> weir = to.stream().filter(TailRule::isWeir).toList();
            weir.forEach(target -> places.add(place(target)));
            if (!weir.isEmpty() && to.size() > 1) {
                return true;
            }
        }
        return places.size() > 1;
    }

    /** Which pods a target means, whatever its port; of a host the first part of its name counts. */
    private static String place(JsonNode target) {
        JsonNode destination = target.path("destination");
        return target.path("name").asText()
                + destination.path("host").asText().split("[.]", 2)[0]
                + "/"
                + destination.path("subset").asText();
    }

    private static boolean isWeir(JsonNode target) {
        return target.path("name").asText().startsWith("weir")
                || target.at("/destination/host").asText().startsWith("weir");
    }
}
