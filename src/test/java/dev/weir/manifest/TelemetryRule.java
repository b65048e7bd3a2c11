package dev.weir.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Proxies send all of their spans, with tags of the three kinds: Weir decides what is kept. */
final class TelemetryRule implements Rule {

    private static final Set<String> KINDS = Set.of("literal", "environment", "header");

    @Override
    public void check(Overlay overlay, Consumer<String> fault) {
        overlay.all("telemetry.istio.io", "Telemetry")
                .forEach(telemetry -> telemetry.list("/spec/tracing").forEach(tracing -> {
                    if (tracing.has("providers")) {
                        tracing(telemetry, tracing, fault);
                    }
                }));
    }

    private static void tracing(Manifest telemetry, JsonNode tracing, Consumer<String> fault) {
        if (tracing.path("randomSamplingPercentage").asDouble(0) != 100) {
            fault.accept(
                    telemetry + ": randomSamplingPercentage must be 100: below it every proxy throws its own dice");
        }
        Set<String> kinds = new TreeSet<>();
        tracing.path("customTags").properties().forEach(tag -> {
            tag.getValue().fieldNames().forEachRemaining(kinds::add);
            if (tag.getKey().startsWith("mesh.")) {
                fault.accept(telemetry + ": Weir takes " + tag.getKey() + " out, as it does all of mesh.*");
            }
        });
        if (!kinds.containsAll(KINDS)) {
            fault.accept(telemetry + ": customTags has no tag of each kind, but " + kinds);
        }
    }
}
