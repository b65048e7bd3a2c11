package dev.weir.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./weir run} with nothing configured but ports: telemetrygen's traces can be looked up, and SIGTERM ends it. */
class LauncherIT {

    @TempDir
    Path directory;

    @Test
    void shouldTakeShowAndEnd() {
        String telemetrygen = Peers.program("telemetrygen");
        try (WeirProcess weir = WeirProcess.startLauncher(directory, Map.of())) {
            // When
            send(telemetrygen, "launcher-grpc", weir.grpcPort());
            send(telemetrygen, "launcher-http", weir.httpPort(), "--otlp-http");

            // Then
            awaitTrace(weir, "launcher-grpc");
            awaitTrace(weir, "launcher-http");
            assertThat(weir.output()).as("nothing had changed").doesNotContain("weir: building");
            assertThat(ProcessHandle.of(weir.process().pid())
                            .flatMap(process -> process.info().command()))
                    .as("the launcher has become the JVM, and signals reach it")
                    .hasValueSatisfying(command -> assertThat(command).endsWith("/bin/java"));

            assertThat(weir.stop()).as(weir.output()).isZero();
            assertThat(weir.output()).as("the ledger's line").contains("stopped: ");
        }
    }

    @Test
    void shouldFindItsClassesInTheCacheOfTheTrainingRun() throws IOException {
        Path classes = directory.resolve("classes.log");
        try (WeirProcess weir =
                WeirProcess.startLauncher(directory, Map.of("WEIR_JAVA_OPTS", "-Xlog:class+load:file=" + classes))) {
            weir.stop();
            assertThat(weir.output()).doesNotContain("[aot]");
        }
        assertThat(Files.readAllLines(classes))
                .filteredOn(line -> line.contains("] dev.weir.app.Gateway "))
                .singleElement(STRING)
                .endsWith("source: shared objects file");
    }

    private void send(String telemetrygen, String service, int port, String... further) {
        List<String> command = new ArrayList<>(List.of(
                telemetrygen,
                "traces",
                "--otlp-insecure",
                "--otlp-endpoint=127.0.0.1:" + port,
                "--service=" + service,
                "--rate=0",
                "--traces=5"));
        command.addAll(List.of(further));
        Commands.run(directory, command);
    }

    private static void awaitTrace(WeirProcess weir, String service) {
        await().untilAsserted(() -> {
            JsonNode found = Http.getJson(weir.adminUrl("/api/traces?service=" + service));
            assertThat(found.findValuesAsText("traceId")).as(found.toString()).hasSize(5);
        });
    }
}
