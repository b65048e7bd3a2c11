package dev.weir.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./weir run} with nothing configured but ports: telemetrygen's traces can be looked up, and SIGTERM ends it. */
class LauncherIT {

    private static final Path APPLICATION = Path.of("target/quarkus-app/quarkus-run.jar");

    @TempDir
    Path directory;

    /** Maven has packaged it just now, but leaves alone files whose content is the same: to the launcher it would look old. */
    @BeforeEach
    void shouldHaveAnApplicationThatLooksNew() throws IOException {
        Files.setLastModifiedTime(APPLICATION, FileTime.from(Instant.now()));
    }

    @Test
    void shouldTakeShowAndEnd() {
        String telemetrygen = Peers.program("telemetrygen");
        try (WeirProcess weir = WeirProcess.startLauncher(directory)) {
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
