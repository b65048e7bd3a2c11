package dev.weir.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.enrich.MeshConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code ./weir check} finds in the examples: nothing. */
final class ExamplesConfigTest {

    @ParameterizedTest
    @MethodSource("examples")
    void shouldFindNoFault(Path example) {
        ConfigFile.Checked checked = ConfigFile.check(example, Map.of(), Map.of());

        assertThat(checked.faults()).isEmpty();
        assertThat(checked.describePolicies()).isNotEmpty();
    }

    @Test
    void shouldBelieveTheMeshInTheExampleOfOne() {
        WeirConfig config = Objects.requireNonNull(ConfigFile.check(Path.of("examples/mesh.yaml"), Map.of(), Map.of())
                .config());

        assertThat(config.mesh().kind()).isEqualTo(MeshConfig.Kind.ISTIO);
        assertThat(config.mesh().identity()).contains("spiffe://cluster.local/ns/observability/sa/weir");
        assertThat(config.mesh().customTags().keySet())
                .containsExactlyInAnyOrder("deployment.environment.name", "weir.pod", "tenant");
        assertThat(config.attributes().span().delete()).contains(List.of("guid:x-client-trace-id"));
    }

    private static List<Path> examples() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("examples"))) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
    }
}
