package dev.weir.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.pipeline.ByteSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher reads from the configuration what the JVM must be told before it starts, as the application reads it. */
final class LauncherConfigTest {

    private static final long MIB = 1 << 20;

    @TempDir
    Path folder;

    @Test
    void shouldShareOutWhatTheJvmLeaves() throws Exception {
        List<String> options = options("weir: { memory: { limit: 512MiB } }", Map.of());

        assertThat(options)
                .containsExactly(
                        "-Xmx240m",
                        "-XX:MaxDirectMemorySize=100m",
                        "-Dio.netty.maxDirectMemory=" + 100 * MIB,
                        "-XX:+UseSerialGC",
                        "-XX:PretenureSizeThreshold=16m");
    }

    @Test
    void shouldTakeTheCollectorThatTheHeapIsLargeEnoughFor() throws Exception {
        assertThat(options("weir: { memory: { limit: 767MiB } }", Map.of()))
                .contains("-Xmx383m", "-XX:+UseSerialGC")
                .doesNotContain("-XX:+UseG1GC");
        assertThat(options("weir: { memory: { limit: 768MiB } }", Map.of()))
                .contains("-Xmx384m", "-XX:+UseG1GC", "-XX:G1HeapRegionSize=4m")
                .doesNotContain("-XX:+UseSerialGC");
    }

    @Test
    void shouldLeaveTheCollectorToWhoNamesOne() throws Exception {
        assertThat(options(
                        "weir: { memory: { limit: 768MiB } }",
                        Map.of("WEIR_JAVA_OPTS", "-Xlog:gc -XX:+UseParallelGC -Dx=y")))
                .contains("-Xmx384m")
                .noneMatch(option -> option.startsWith("-XX:+Use"));
        assertThat(options("", Map.of("WEIR_JAVA_OPTS", "-XX:+UseZGC"))).noneMatch(option -> option.endsWith("GC"));
        assertThat(options("", Map.of("WEIR_JAVA_OPTS", "-XX:+UseStringDeduplication -XX:+PrintGC -XX:-UseG1GC")))
                .contains("-XX:+UseSerialGC");
    }

    @Test
    void shouldMakeRoomForHeldTracesWhereverThePoliciesStand() throws Exception {
        List<String> expected = List.of(
                "-Xmx66m",
                "-XX:MaxDirectMemorySize=" + (32 + 256 + 26 + 8) + "m",
                "-Dio.netty.maxDirectMemory=" + 32 * MIB,
                "-XX:+UseSerialGC",
                "-XX:PretenureSizeThreshold=16m");

        assertThat(options("""
                weir:
                  memory:
                    limit: 512MiB # of 1 GiB
                  sample:
                    tail:
                      policies:
                        - { name: all, always: true }
                """, Map.of())).isEqualTo(expected);
        assertThat(options(
                        "weir: { sample: { tail: { policies: [ { name: all, always: true } ] } } }",
                        Map.of("WEIR_MEMORY_LIMIT", "512MiB")))
                .isEqualTo(expected);
        assertThat(options("weir.memory.limit: \"512MiB\"\nweir.sample.tail.policies-file: /p.yaml", Map.of()))
                .isEqualTo(expected);
        assertThat(options("weir: { memory: { limit: 512MiB } }", Map.of("WEIR_SAMPLE_TAIL_POLICIES_FILE", "/p.yaml")))
                .isEqualTo(expected);
    }

    @Test
    void shouldAgreeWithTheApplication() throws Exception {
        for (String limit : List.of("64MiB", "192MiB", "512MiB", "1GiB", "1500MB")) {
            for (String buffer : List.of("16MiB", "40MB")) {
                List<String> options = options(
                        "weir: { memory: { limit: %s }, sample: { tail: { buffer-size: %s, policies: [] } } }"
                                .formatted(limit, buffer),
                        Map.of());
                MemoryPlan plan =
                        MemoryPlan.of(ByteSize.of(limit).bytes(), 1L << 40, Optional.empty(), held(limit, buffer));

                assertThat(options.getFirst()).isEqualTo("-Xmx" + plan.plannedHeap() / MIB + "m");
            }
        }
    }

    @Test
    void shouldNotTakeAnotherLimitOrAnotherTailForOurs() throws Exception {
        assertThat(options("""
                weir:
                  receive: { grpc: { limits: { connections: 5 }, max-message-size: 1MiB } }
                  export:
                    tail: { endpoint: "http://a:1", queue: { size: 1MiB }, signals: [traces,
                      metrics], headers: { policies: x } }
                    memory:
                      limit: 3GiB
                other: { memory: { limit: 5GiB } }
                """, Map.of("WEIR_MEMORY_LIMIT", ""))).isEqualTo(options("", Map.of()));
    }

    private static HeldPlan held(String limit, String buffer) {
        long bytes = ByteSize.of(limit).bytes();
        return new HeldPlan(ByteSize.of(buffer).bytes(), bytes / 20, Math.min(8 * MIB, bytes / 32));
    }

    /** What the launcher's functions say, without what follows them. */
    private List<String> options(String yaml, Map<String, String> environment)
            throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("weir.yaml"), yaml);
        Path functions = folder.resolve("functions");
        String launcher = Files.readString(Path.of("weir"));
        Files.writeString(functions, launcher.substring(0, launcher.indexOf("\ncase ${1:-} in")));
        ProcessBuilder builder = new ProcessBuilder(
                "sh", "-c", ". \"$1\"; memory_options \"$2\"", "weir", functions.toString(), file.toString());
        builder.environment().keySet().removeIf(name -> name.startsWith("WEIR_"));
        builder.environment().putAll(environment);
        builder.redirectErrorStream(true);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(output).isZero();
        return List.of(output.strip().split(" "));
    }
}
