package dev.weir.enrich.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pods are only looked up where there can be some. */
class SurroundingsTest {

    private static final Map<String, String> IN_CLUSTER = Map.of("KUBERNETES_SERVICE_HOST", "10.96.0.1");

    @TempDir
    Path directory;

    @Test
    void shouldBeInAClusterWithItsAddressAndAToken() throws Exception {
        Path token = Files.writeString(directory.resolve("token"), "secret");

        assertThat(Surroundings.whyNoCluster(IN_CLUSTER, token)).isNull();
    }

    @Test
    void shouldSayWhatIsMissing() throws Exception {
        Path token = Files.writeString(directory.resolve("token"), "secret");

        assertThat(Surroundings.whyNoCluster(Map.of(), token)).contains("KUBERNETES_SERVICE_HOST is not set");
        assertThat(Surroundings.whyNoCluster(IN_CLUSTER, directory.resolve("none")))
                .contains("no service account token");
    }
}
