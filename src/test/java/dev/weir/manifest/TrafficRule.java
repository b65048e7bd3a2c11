package dev.weir.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A busy Weir answers that senders may come again. Istio neither throws it out for that, nor tries again by itself; and the
 * sidecar in front of it makes no spans of what it carries.
 */
final class TrafficRule implements Rule {

    private static final int HALF = 50;

    /** Fewer cost more in handshakes than they are worth. */
    private static final int REQUESTS_OF_A_CONNECTION = 1000;

    /** What certainly did not arrive. */
    private static final Set<String> RETRIED = Set.of("connect-failure", "refused-stream", "reset-before-request");

    @Override
    public void check(Overlay overlay, Consumer<String> fault) {
        List<Manifest> destinations = overlay.all("DestinationRule")
                .filter(rule -> isWeir(rule.text("/spec/host")))
                .toList();
        for (Manifest rule : destinations) {
            outliers(rule, fault);
            int requests = rule.at("/spec/trafficPolicy/connectionPool/http/maxRequestsPerConnection")
                    .asInt(0);
            if (requests > 0 && requests < REQUESTS_OF_A_CONNECTION) {
                fault.accept(rule + ": makes a new connection for every " + requests + " requests");
            }
            if (!rule.at("/spec/trafficPolicy").equals(destinations.getFirst().at("/spec/trafficPolicy"))) {
                fault.accept(rule + ": treats Weir otherwise than " + destinations.getFirst());
            }
        }
        overlay.all("VirtualService").forEach(service -> {
            for (JsonNode route : service.list("/spec/http")) {
                if (Manifest.list(route.path("route")).stream()
                        .anyMatch(to -> isWeir(to.at("/destination/host").asText()))) {
                    retries(service + " " + route.path("name").asText(), route.path("retries"), fault);
                }
            }
        });
        overlay.all("flagger.app", "Canary")
                .filter(canary -> canary.text("/spec/provider").equals("istio"))
                .forEach(canary -> retries(canary.toString(), canary.at("/spec/service/retries"), fault));
        for (Manifest gateway : overlay.gateways()) {
            Map<String, String> labels = Overlay.podLabels(gateway);
            if ("true".equals(labels.get("sidecar.istio.io/inject"))
                    && overlay.all("Telemetry").noneMatch(telemetry -> isSilent(telemetry, labels))) {
                fault.accept(
                        gateway + ": no Telemetry with disableSpanReporting: its sidecar makes a span of each batch");
            }
        }
    }

    private static boolean isWeir(String host) {
        return host.equals("weir") || host.startsWith("weir.") || host.startsWith("weir-");
    }

    private static void outliers(Manifest rule, Consumer<String> fault) {
        JsonNode detection = rule.at("/spec/trafficPolicy/outlierDetection");
        if (detection.isMissingNode()) {
            return;
        }
        if (detection.path("consecutiveLocalOriginFailures").asInt(0) < 1) {
            fault.accept(rule + ": does not say after how many failures to reach a pod it is thrown out");
        }
        int most = detection.path("maxEjectionPercent").asInt(0);
        if (most < 1 || most > HALF) {
            fault.accept(rule + ": may throw out " + most + " % of the pods, must be 1 to 50");
        }
        if (!(detection.path("splitExternalLocalOriginErrors").asBoolean(false)
                && detection.path("consecutive5xxErrors").asInt(5) == 0
                && detection.path("consecutiveGatewayErrors").asInt(0) == 0)) {
            fault.accept(rule + ": throws Weir out for its answers, not only for what never reached it");
        }
    }

    private static void retries(String where, JsonNode retries, Consumer<String> fault) {
        int attempts = retries.path("attempts").asInt(2);
        if (attempts > 1) {
            fault.accept(where + ": tries again " + attempts + " times, where once is enough");
        }
        if (attempts != 0
                && !RETRIED.containsAll(List.of(retries.path("retryOn").asText().split(",")))) {
            fault.accept(where + ": tries again on what may have arrived");
        }
    }

    private static boolean isSilent(Manifest telemetry, Map<String, String> labels) {
        return Overlay.selects(telemetry.map("/spec/selector/matchLabels"), labels)
                && telemetry.list("/spec/tracing").stream()
                        .anyMatch(one -> one.path("disableSpanReporting").asBoolean(false));
    }
}
