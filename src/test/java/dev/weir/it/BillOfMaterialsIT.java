package dev.weir.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the package is made of, and under which licences. */
final class BillOfMaterialsIT {

    /** May be handed on in an image beside Apache-2.0; of several, one is enough. */
    private static final Set<String> LICENCES = Set.of(
            "Apache-2.0",
            "BSD-2-Clause",
            "BSD-3-Clause",
            "CC0-1.0",
            "EPL-2.0",
            "Go License",
            "MIT",
            "MIT-0",
            "UPL-1.0");

    @Test
    void shouldListEveryJarOfThePackage() throws IOException {
        List<String> listed = components()
                .map(one -> one.path("group").asText() + "." + one.path("name").asText() + "-"
                        + one.path("version").asText())
                .toList();

        assertThat(jars())
                .hasSizeGreaterThan(100)
                .allSatisfy(jar -> assertThat(listed)
                        .as(jar)
                        .anySatisfy(one -> assertThat(jar).startsWith(one)));
    }

    @Test
    void shouldHaveOnlyLicencesThatMayBeHandedOn() throws IOException {
        assertThat(components()).isNotEmpty().allSatisfy(one -> {
            assertThat(one.path("purl").asText()).startsWith("pkg:maven/");
            assertThat(one.path("hashes")).as("%s", one.path("purl")).isNotEmpty();
            assertThat(licences(one)).as("%s", one.path("purl")).anyMatch(LICENCES::contains);
        });
    }

    /** {@code pom.xml} names newer ones than the platform's: a part that it forgets would be the platform's. */
    @ParameterizedTest
    @ValueSource(strings = {"io.netty", "io.vertx"})
    void shouldTakeAllPartsOfAProjectInOneVersion(String group) throws IOException {
        assertThat(components()
                        .filter(one -> one.path("group").asText().equals(group))
                        .map(one -> one.path("version").asText())
                        .distinct())
                .hasSize(1);
    }

    private static List<String> jars() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("target/quarkus-app/lib"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".jar"))
                    .toList();
        }
    }

    private static Stream<JsonNode> components() throws IOException {
        JsonNode bill =
                new ObjectMapper().readTree(Path.of("target/weir.cdx.json").toFile());
        return StreamSupport.stream(bill.path("components").spliterator(), false);
    }

    private static List<String> licences(JsonNode component) {
        return StreamSupport.stream(component.path("licenses").spliterator(), false)
                .map(one -> one.path("license"))
                .map(licence -> licence.path("id").asText(licence.path("name").asText()))
                .toList();
    }
}
