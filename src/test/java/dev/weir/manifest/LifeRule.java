package dev.weir.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.app.ConfigFile;
import dev.weir.app.WeirConfig;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Probes ask what the application answers, a pod has time to drain, and a rollout takes no pod before there is another. */
final class LifeRule implements Rule {

    private static final Map<String, String> PROBES = Map.of(
            "startupProbe", "/q/health/started",
            "readinessProbe", "/q/health/ready",
            "livenessProbe", "/q/health/live");

    private static final Set<String> ADMIN = Set.of("http-admin", String.valueOf(PortsRule.ADMIN));

    /** For the JVM's own end, after everything is delivered. */
    private static final Duration TO_END = Duration.ofSeconds(5);

    @Override
    public void check(Overlay overlay, Consumer<String> fault) {
        for (Manifest gateway : overlay.gateways()) {
            PROBES.forEach((probe, path) -> {
                JsonNode get = Overlay.container(gateway).at("/" + probe + "/httpGet");
                if (!get.path("path").asText().equals(path)
                        || !ADMIN.contains(get.path("port").asText())) {
                    fault.accept(gateway + ": " + probe + " must get " + path + " from http-admin");
                }
            });
            grace(overlay, gateway, fault);
            JsonNode strategy = gateway.at("/spec/strategy");
            if (!strategy.path("type").asText().equals("Recreate")
                    && !strategy.at("/rollingUpdate/maxUnavailable").asText().equals("0")) {
                fault.accept(gateway + ": a rollout must have maxUnavailable: 0");
            }
        }
    }

    private static void grace(Overlay overlay, Manifest gateway, Consumer<String> fault) {
        ConfigFile.Checked checked = Configurations.check(overlay, gateway);
        WeirConfig config = checked.config();
        if (config == null) {
            return; // is said where the configuration is checked
        }
        Duration grace = Duration.ofSeconds(
                gateway.at("/spec/template/spec/terminationGracePeriodSeconds").asInt(30));
        Duration before = Duration.ofSeconds(Overlay.container(gateway)
                .at("/lifecycle/preStop/sleep/seconds")
                .asInt(0));
        Duration needed = before.plus(config.shutdownDelay())
                .plus(config.shutdownTimeout())
                .plus(TO_END);
        if (grace.compareTo(needed) < 0) {
            fault.accept(gateway + ": terminationGracePeriodSeconds is " + grace.toSeconds()
                    + ", shutdown-delay and shutdown-timeout with 5 s to end need " + needed.toSeconds());
        }
    }
}
