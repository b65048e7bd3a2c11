package dev.weir.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Weir as it is shipped, on free ports of the loopback interface: the package in {@code target/quarkus-app}, or the native
 * executable that {@code -Dweir.native} names.
 */
final class WeirProcess implements AutoCloseable {

    /** What {@link Training} makes. */
    static final Path AOT_CACHE = Path.of("target/quarkus-app/weir.aot");

    private static final Duration READY_WITHIN = Duration.ofSeconds(40);

    /** What the launcher {@code weir} hands to the JVM whatever the memory limit is. */
    static final List<String> LAUNCHER_FLAGS = List.of(
            "-XX:+UseCompactObjectHeaders",
            "-XX:ReservedCodeCacheSize=64m",
            "-XX:TrimNativeHeapInterval=10000",
            "-XX:+ExitOnOutOfMemoryError",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    private static final List<String> SERIAL = List.of("-XX:+UseSerialGC", "-XX:PretenureSizeThreshold=16m");
    private static final List<String> G1 =
            List.of("-XX:+UseG1GC", "-XX:G1HeapRegionSize=4m", "-XX:MaxGCPauseMillis=20");
    /** MiB of heap from which on the launcher takes G1. */
    private static final int G1_HEAP = 384;

    private final OsProcess process;
    private final int grpcPort;
    private final int httpPort;
    private final int adminPort;

    private WeirProcess(OsProcess process, int grpcPort, int httpPort, int adminPort) {
        this.process = process;
        this.grpcPort = grpcPort;
        this.httpPort = httpPort;
        this.adminPort = adminPort;
    }

    /** Starts it and waits until it is ready. {@code config} is what stands under {@code weir:}, but for {@code receive}. */
    static WeirProcess start(Path directory, String config) {
        return start(directory, config, Map.of(), List.of());
    }

    /**
     * @param environment further variables
     * @param jvmOptions further options of the JVM; a native executable gets those of memory, by default for 512 MiB
     */
    static WeirProcess start(Path directory, String config, Map<String, String> environment, List<String> jvmOptions) {
        int[] port = FreePorts.next(2);
        Path file = file(directory, port, config);
        return ready(directory, port, environment, command(jvmOptions, "run", "--config", file.toString()));
    }

    /** Starts it with a configuration that holds traces; its memory is shared out as the launcher does it. */
    static WeirProcess startWithTail(Path directory, String config) {
        return startWithTail(directory, config, Map.of(), List.of());
    }

    /**
     * @param environment further variables
     * @param jvmOptions further options of the JVM
     */
    static WeirProcess startWithTail(
            Path directory, String config, Map<String, String> environment, List<String> jvmOptions) {
        int[] port = FreePorts.next(2);
        Path file = file(directory, port, config);
        List<String> options = new ArrayList<>(launcherOptions(directory, file));
        options.addAll(jvmOptions);
        return ready(directory, port, environment, command(options, "run", "--config", file.toString()));
    }

    /** Starts it with a file as it is, its memory shared out as the launcher does it; the environment sets the ports. */
    static WeirProcess startFile(Path directory, Path file) {
        int[] port = FreePorts.next(2);
        return ready(
                directory,
                port,
                ports(port),
                command(launcherOptions(directory, file), "run", "--config", file.toString()));
    }

    /** Starts it without any file; only the ports are set, by the environment. */
    static WeirProcess startUnconfigured(Path directory) {
        return startUnconfigured(directory, Map.of(), command(List.of(), "run"));
    }

    /** The same through the launcher {@code weir}, as people do. */
    static WeirProcess startLauncher(Path directory, Map<String, String> environment) {
        return startUnconfigured(
                directory, environment, List.of(Path.of("weir").toAbsolutePath().toString(), "run"));
    }

    private static WeirProcess startUnconfigured(
            Path directory, Map<String, String> environment, List<String> command) {
        int[] port = FreePorts.next(2);
        Map<String, String> variables = new HashMap<>(environment);
        variables.putAll(ports(port));
        return ready(directory, port, variables, command);
    }

    /** Runs a subcommand to its end, or starts one that is expected to fail. */
    static OsProcess launch(Path directory, Map<String, String> environment, String... arguments) {
        Map<String, String> variables = new HashMap<>(environment);
        variables.putIfAbsent("QUARKUS_HTTP_PORT", Integer.toString(FreePorts.next()));
        return OsProcess.start("weir", directory, variables, command(List.of(), arguments));
    }

    /** The JVM's share of {@code memory.limit}, as the launcher sets it. */
    static List<String> jvmOptionsFor(int limitMebibytes) {
        int heap = Math.max(48, Math.min(limitMebibytes / 2, (limitMebibytes - 112) * 3 / 5));
        int network = Math.max(32, Math.min(limitMebibytes / 4, (limitMebibytes - 112) / 4));
        List<String> options = new ArrayList<>();
        options.add("-Xmx" + heap + "m");
        options.add("-XX:MaxDirectMemorySize=" + network + "m");
        options.addAll(heap < G1_HEAP ? SERIAL : G1);
        return options;
    }

    int grpcPort() {
        return grpcPort;
    }

    int httpPort() {
        return httpPort;
    }

    int adminPort() {
        return adminPort;
    }

    /** {@code http://127.0.0.1:port} of the OTLP/gRPC door. */
    String grpcUrl() {
        return "http://127.0.0.1:" + grpcPort;
    }

    /** {@code http://127.0.0.1:port} of the OTLP/HTTP door. */
    String httpUrl() {
        return "http://127.0.0.1:" + httpPort;
    }

    /** Console, API, health and metrics. */
    String adminUrl(String path) {
        return "http://127.0.0.1:" + adminPort + path;
    }

    OsProcess process() {
        return process;
    }

    String output() {
        return process.output();
    }

    /** SIGTERM; the exit code. */
    int stop() {
        process.terminate();
        return process.exitCode();
    }

    JsonNode status() {
        return Http.getJson(adminUrl("/api/status"));
    }

    /** The sum of a metric over all its series that have every one of the given {@code label="value"} pairs. */
    double metric(String name, String... labels) {
        double sum = 0;
        for (String line : Http.get(adminUrl("/q/metrics")).body().split("\n")) {
            if (line.startsWith(name + "{") || line.startsWith(name + " ")) {
                if (List.of(labels).stream().allMatch(line::contains)) {
                    sum += Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
                }
            }
        }
        return sum;
    }

    /** Waits until nothing is held or queued, then checks the laws of the ledger. */
    void awaitBalancedLedger() {
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            JsonNode status = status();
            assertThat(status.path("pipeline")).as("ledger in /api/status").isNotEmpty();
            assertThat(LedgerLaws.violations(status)).isEmpty();
            assertThat(LedgerLaws.underWay(status)).as("held and queued items").isZero();
        });
    }

    @Override
    public void close() {
        process.close();
    }

    private static Path file(Path directory, int[] port, String config) {
        return Peers.write(directory, "weir.yaml", """
                weir:
                  shutdown-delay: 0s
                  receive:
                    grpc: { host: 127.0.0.1, port: %d }
                    http: { host: 127.0.0.1, port: %d }
                """.formatted(port[0], port[1]) + config.indent(2));
    }

    private static Map<String, String> ports(int[] port) {
        return Map.of(
                "WEIR_RECEIVE_GRPC_PORT", Integer.toString(port[0]),
                "WEIR_RECEIVE_HTTP_PORT", Integer.toString(port[1]),
                "WEIR_SHUTDOWN_DELAY", "0s");
    }

    /** Heap and direct memory, as the launcher's own functions say for this file. */
    private static List<String> launcherOptions(Path directory, Path file) {
        try {
            String launcher = Files.readString(Path.of("weir"));
            String functions = launcher.substring(0, launcher.indexOf("\ncase ${1:-} in"));
            String options = Commands.run(
                    directory, List.of("sh", "-c", functions + "\nmemory_options \"$1\"", "weir", file.toString()));
            return List.of(options.strip().split(" "));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static WeirProcess ready(
            Path directory, int[] doors, Map<String, String> environment, List<String> command) {
        int admin = FreePorts.next();
        Map<String, String> variables = new HashMap<>(environment);
        variables.put("QUARKUS_HTTP_PORT", Integer.toString(admin));
        variables.put("QUARKUS_HTTP_HOST", "127.0.0.1");
        variables.putIfAbsent("MALLOC_ARENA_MAX", "2");
        OsProcess process = OsProcess.start("weir", directory, variables, command);
        WeirProcess weir = new WeirProcess(process, doors[0], doors[1], admin);
        try {
            await().atMost(READY_WITHIN)
                    .pollInterval(Duration.ofMillis(50))
                    .failFast("weir has ended", () -> !process.isAlive())
                    .until(() -> Http.isOk(weir.adminUrl("/q/health/ready")));
        } catch (RuntimeException e) {
            process.close();
            throw new AssertionError("weir did not get ready:\n" + process.output(), e);
        }
        return weir;
    }

    private static List<String> command(List<String> jvmOptions, String... arguments) {
        String executable = System.getProperty("weir.native");
        List<String> command = new ArrayList<>();
        if (executable != null) {
            command.add(Path.of(executable).toAbsolutePath().toString());
            List<String> memory =
                    jvmOptions.stream().filter(WeirProcess::isOfMemory).toList();
            command.addAll(
                    memory.isEmpty()
                            ? jvmOptionsFor(512).stream()
                                    .filter(WeirProcess::isOfMemory)
                                    .toList()
                            : memory);
        } else {
            Path jar = Path.of("target/quarkus-app/quarkus-run.jar").toAbsolutePath();
            assertThat(Files.exists(jar)).as(jar + " (made by ./mvnw package)").isTrue();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(LAUNCHER_FLAGS);
            if (jvmOptions.stream().noneMatch(option -> option.matches("-XX:\\+Use\\w+GC"))) {
                command.addAll(SERIAL);
            }
            if (Files.exists(AOT_CACHE) && jvmOptions.stream().noneMatch(option -> option.startsWith("-XX:AOTCache"))) {
                command.add("-XX:AOTCache=" + AOT_CACHE.toAbsolutePath());
            }
            command.addAll(jvmOptions);
            command.addAll(List.of("-jar", jar.toString()));
        }
        command.addAll(List.of(arguments));
        return command;
    }

    /** What a native executable is told too: its image has no launcher that would plan its memory. */
    private static boolean isOfMemory(String option) {
        return option.matches("-Xmx.*|-XX:MaxDirectMemorySize=.*|-Dio\\.netty\\.maxDirectMemory=.*");
    }
}
