package dev.weir.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The packaged application as the kubelet would run it, as far as that goes without one: the variables of the Deployment, the
 * ConfigMap as a volume of links, the memory of the limit, its probes, a changed ConfigMap, and SIGTERM. Ports are other ones.
 */
class PodIT {

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({
        "ratio, 'traces: 0.10', 'traces: 0.20', weir_ratio_reloads_total",
        "tail, 'ratio: 0.05', 'ratio: 0.10', weir_tail_reloads_total"
    })
    void shouldDoWhatThePodAsksOfIt(String overlay, String setting, String changed, String reloads) throws IOException {
        JsonNode deployment = null;
        JsonNode config = null;
        Path built = Kustomize.build(directory, Path.of("kubernetes/overlays").resolve(overlay));
        for (JsonNode document : new YAMLMapper()
                .readerFor(JsonNode.class)
                .<JsonNode>readValues(built.toFile())
                .readAll()) {
            deployment = document.path("kind").asText().equals("Deployment") ? document : deployment;
            config = document.path("kind").asText().equals("ConfigMap") ? document : config;
        }
        assertThat(deployment).isNotNull();
        assertThat(config).isNotNull();
        JsonNode pod = deployment.at("/spec/template/spec");
        JsonNode container = pod.at("/containers/0");
        String yaml = config.at("/data/weir.yaml").asText();
        Path volume = Files.createDirectory(directory.resolve("volume"));
        mount(volume, "..1", yaml);
        Path file = Files.createSymbolicLink(volume.resolve("weir.yaml"), Path.of("..data", "weir.yaml"));

        try (WeirProcess weir = WeirProcess.startLauncher(directory, environment(container, file))) {
            // Then: ready, although no destination is reached
            for (String probe : new String[] {"startupProbe", "readinessProbe", "livenessProbe"}) {
                String path = container.at("/" + probe + "/httpGet/path").asText();
                assertThat(Http.isOk(weir.adminUrl(path)))
                        .as(probe + " " + path)
                        .isTrue();
            }
            assertThat(weir.output()).doesNotContain("the heap may grow");

            // When: the ConfigMap has changed
            assertThat(yaml).contains(setting);
            mount(volume, "..2", yaml.replace(setting, changed));

            // Then
            await().atMost(Duration.ofSeconds(20)).until(() -> weir.metric(reloads) == 1);
            assertThat(weir.metric("weir_config_restart_keys")).isZero();

            // When: it is to end
            long begun = System.nanoTime();
            assertThat(weir.stop()).as(weir.output()).isZero();
            Duration took = Duration.ofNanos(System.nanoTime() - begun);
            System.out.printf("%s: ended after %d ms%n", overlay, took.toMillis());
            assertThat(took.toSeconds())
                    .isLessThan(pod.path("terminationGracePeriodSeconds").asLong());
        }
    }

    private static Map<String, String> environment(JsonNode container, Path file) {
        Map<String, String> environment = new HashMap<>();
        container
                .path("env")
                .forEach(variable -> environment.put(
                        variable.path("name").asText(), variable.path("value").asText("pod-1")));
        environment.put("WEIR_CONFIG", file.toString());
        String limit = container.at("/resources/limits/memory").asText();
        assertThat(limit).endsWith("Gi");
        environment.put("WEIR_MEMORY_LIMIT", String.valueOf((long)
                (Long.parseLong(limit.replace("Gi", "")) * (1L << 30) * 0.8)));
        return environment;
    }

    /** As the kubelet does it: a new folder, and one link that is renamed over the old one. */
    private static void mount(Path volume, String version, String yaml) throws IOException {
        Files.writeString(Files.createDirectory(volume.resolve(version)).resolve("weir.yaml"), yaml);
        Path link = Files.createSymbolicLink(volume.resolve("..data_tmp"), Path.of(version));
        Files.move(link, volume.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    }
}
