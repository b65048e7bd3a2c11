package dev.weir.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Quantity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The Dockerfiles, as far as reading them and laying out their files shows; load-tests/images/run builds and runs them. */
final class ImagesTest {

    private static final long MIB = 1 << 20;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"Dockerfile.jvm", "Dockerfile.native"})
    void shouldRunAsThePodSays(String file) throws IOException {
        Dockerfile.Stage last = Dockerfile.read(Path.of(file)).stages().getLast();
        JsonNode pod = deployment().at("/spec/template/spec");

        assertThat(last.all("USER"))
                .containsExactly(pod.at("/securityContext/runAsUser").asText() + ":"
                        + pod.at("/securityContext/runAsGroup").asText());
        assertThat(Arrays.stream(last.all("EXPOSE").getFirst().split(" ")))
                .containsExactlyElementsOf(Manifest.list(pod.at("/containers/0/ports")).stream()
                        .map(port -> port.path("containerPort").asText())
                        .toList());
        assertThat(last.all("ENTRYPOINT")).containsExactly("[\"/opt/weir/weir\"]");
        assertThat(last.all("LABEL").getFirst())
                .contains("image.title", "image.description", "image.licenses", "image.version", "image.revision");
        assertThat(last.all("RUN")).as("nothing is added at last").isEmpty();
        assertThat(last.all("COPY"))
                .as("the list of materials")
                .anyMatch(copy -> copy.endsWith(" /opt/weir/target/weir.cdx.json /opt/weir/weir.cdx.json"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Dockerfile.jvm", "Dockerfile.native"})
    void shouldCopyOnlyWhatIsThere(String file) throws IOException {
        List<Dockerfile.Stage> stages = Dockerfile.read(Path.of(file)).stages();
        List<String> context = Files.readString(Path.of(".dockerignore"))
                .lines()
                .filter(line -> line.startsWith("!"))
                .map(line -> line.substring(1))
                .toList();

        assertThat(stages).hasSize(2);
        assertThat(stages)
                .allSatisfy(stage -> assertThat(stage.from())
                        .as(
                                "an image with its registry, which not every builder assumes, and a tag that names its Java or its version")
                        .matches("[a-z.]+\\.[a-z]+/.+:.*\\d+.*")
                        .doesNotEndWith(":latest"));
        for (String copy : stages.getFirst().all("COPY")) {
            String[] words = copy.split(" ");
            assertThat(Arrays.copyOf(words, words.length - 1)).allSatisfy(source -> {
                assertThat(Path.of(source)).exists();
                assertThat(context).contains(source);
            });
        }
        assertThat(stages.getLast().all("COPY"))
                .allSatisfy(copy -> assertThat(copy)
                        .matches(
                                "--from=" + stages.getFirst().name() + " /opt/weir/(weir|target/\\S+) /opt/weir/\\S+"));
    }

    /** Else the script would pull what it is asked to replace. */
    @ParameterizedTest
    @ValueSource(strings = {"Dockerfile.jvm", "Dockerfile.native"})
    void shouldLetEachBaseBeReplaced(String file) throws IOException {
        List<String> bases = Files.readString(Path.of(file))
                .lines()
                .filter(line -> line.startsWith("FROM "))
                .map(line -> line.substring("FROM ".length()).replace(" AS build", ""))
                .toList();
        String standIns = Files.readString(Path.of("load-tests/images/stand-in"));

        assertThat(bases).hasSize(2).allSatisfy(base -> {
            assertThat(base).matches("\\$\\{[A-Z]+}");
            assertThat(standIns).contains("--build-arg " + base.substring(2, base.length() - 1) + "=");
        });
    }

    /** The cache of the training run belongs to one JVM. */
    @Test
    void shouldTrainTheJvmThatRuns() {
        List<Dockerfile.Stage> stages =
                Dockerfile.read(Path.of("Dockerfile.jvm")).stages();

        assertThat(stages.getFirst().from()).isEqualTo(stages.getLast().from());
        assertThat(stages.getFirst().all("RUN").getFirst()).contains("pre-integration-test");
    }

    @Test
    void shouldBuildTheExecutableByTheProfile() {
        assertThat(Dockerfile.read(Path.of("Dockerfile.native"))
                        .stages()
                        .getFirst()
                        .all("RUN")
                        .getFirst())
                .contains(" -Pnative package ")
                .doesNotContain("-Dquarkus.");
    }

    /** With the files of the last stage and no sources, and a java that only says how it was called. */
    @Test
    void shouldStartTheJvmInTheImageWithTheLaunchersFlags() throws Exception {
        String said = launched(ratioConfiguration(), 512 * MIB);

        assertThat(said)
                .startsWith("-XX:+UseCompactObjectHeaders -Xmx240m ")
                .contains("-XX:+UseSerialGC", "-XX:AOTCache=")
                .endsWith("/target/quarkus-app/quarkus-run.jar run --config " + ratioConfiguration());
    }

    /** The native executable has no launcher: the component says what the launcher would. */
    @ParameterizedTest
    @CsvSource({
        "ratio, overlays/ratio/deployment.yaml, overlays/ratio/weir.yaml",
        "tail, overlays/tail/deployment.yaml, overlays/tail/weir.yaml",
        "development, workload/deployment.yaml, base/weir.yaml",
        "development, workload/deployment.yaml, overlays/demo/weir.yaml"
    })
    void shouldPlanTheMemoryOfTheNativeImageAsTheLauncherDoes(String component, String workload, String config)
            throws Exception {
        Path folder = Path.of("kubernetes");
        String limit = read(folder.resolve(workload))
                .at("/spec/template/spec/containers/0/resources/limits/memory")
                .asText();
        long bytes = (long) (Quantity.getAmountInBytes(new Quantity(limit)).longValueExact() * 0.8);
        List<String> planned = Arrays.stream(
                        launched(folder.resolve(config).toAbsolutePath(), bytes).split(" "))
                .filter(option -> option.matches("-Xmx.*|-XX:MaxDirect.*|-Dio.netty.*"))
                .toList();

        List<String> args = Manifest.list(
                        read(Path.of("kubernetes/components/native-" + component + "/deployment.yaml"))
                                .at("/spec/template/spec/containers/0/args"))
                .stream()
                .map(JsonNode::asText)
                .toList();

        assertThat(planned).hasSize(3);
        assertThat(args).startsWith(planned.toArray(String[]::new)).endsWith("run", "--config", "/etc/weir/weir.yaml");
    }

    private String launched(Path config, long limit) throws IOException, InterruptedException {
        Path weir = directory.resolve("opt/weir");
        Files.createDirectories(weir.resolve("target/quarkus-app"));
        Files.createFile(weir.resolve("target/quarkus-app/quarkus-run.jar"));
        Files.createFile(weir.resolve("target/quarkus-app/weir.aot"));
        Files.copy(Path.of("weir"), weir.resolve("weir"));
        Path jdk = Files.createDirectories(directory.resolve("jdk/bin"));
        Files.writeString(jdk.resolveSibling("release"), "JAVA_VERSION=\"25.0.3\"\n");
        for (String program : List.of("java", "javac")) {
            Files.writeString(jdk.resolve(program), "#!/bin/sh\necho \"$@\"\n");
            assertThat(jdk.resolve(program).toFile().setExecutable(true)).isTrue();
        }
        ProcessBuilder builder = new ProcessBuilder(
                        "sh", weir.resolve("weir").toString(), "run", "--config", config.toString())
                .redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("WEIR_"));
        builder.environment().remove("HOME"); // a user that is only a number may have none
        builder.environment()
                .putAll(Map.of("JAVA_HOME", jdk.getParent().toString(), "WEIR_MEMORY_LIMIT", String.valueOf(limit)));
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes()).strip();
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    private static Path ratioConfiguration() {
        return Path.of("kubernetes/overlays/ratio/weir.yaml").toAbsolutePath();
    }

    private static Manifest deployment() throws IOException {
        return read(Path.of("kubernetes/workload/deployment.yaml"));
    }

    private static Manifest read(Path file) throws IOException {
        return Overlay.of(file.toString(), Files.readString(file)).manifests().getFirst();
    }
}
