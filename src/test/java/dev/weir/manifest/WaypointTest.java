package dev.weir.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What istiod lays over the waypoint's resources is text to every schema: here it is read as what it becomes. istiod refuses the
 * whole Gateway for a key that it does not know.
 */
final class WaypointTest {

    private static final Path FILE = Path.of("istio/components/ambient/waypoint.yaml");

    @Test
    void shouldLayOverTheWaypointWhatTheNamespaceAsksFor() throws IOException {
        Overlay waypoint = Overlay.of("waypoint", Files.readString(FILE));
        Manifest gateway = waypoint.one("Gateway", "waypoint").orElseThrow();
        assertThat(gateway.text("/spec/infrastructure/parametersRef/kind")).isEqualTo("ConfigMap");
        Map<String, String> laid = waypoint.one("ConfigMap", gateway.text("/spec/infrastructure/parametersRef/name"))
                .orElseThrow()
                .map("/data");

        assertThat(laid).containsOnlyKeys("deployment", "horizontalPodAutoscaler", "podDisruptionBudget");
        assertThat(read(laid, "deployment", Deployment.class)
                        .getSpec()
                        .getTemplate()
                        .getSpec()
                        .getSecurityContext()
                        .getSeccompProfile()
                        .getType())
                .isEqualTo("RuntimeDefault");
        assertThat(read(laid, "horizontalPodAutoscaler", HorizontalPodAutoscaler.class)
                        .getSpec()
                        .getMinReplicas())
                .isEqualTo(2);
        assertThat(read(laid, "podDisruptionBudget", PodDisruptionBudget.class)
                        .getSpec()
                        .getMaxUnavailable()
                        .getIntVal())
                .isEqualTo(1);
    }

    private static <T> T read(Map<String, String> laid, String key, Class<T> type) {
        return Serialization.unmarshal(laid.get(key), type);
    }
}
