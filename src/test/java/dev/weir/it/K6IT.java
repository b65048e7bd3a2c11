package dev.weir.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code load-tests/k6/run smoke}: k6's own clients of gRPC and HTTP, its thresholds and its pages. */
class K6IT {

    private static final Path RUN = Path.of("load-tests/k6/run").toAbsolutePath();
    private static final Path RESULTS = Path.of("target/k6");

    @TempDir
    Path directory;

    @Test
    void shouldPassTheSmokeTestAndCountWhatK6Counts() throws IOException {
        Peers.program("k6");
        try (WeirProcess weir = WeirProcess.startUnconfigured(directory)) {
            // When
            OsProcess k6 = OsProcess.start(
                    "k6",
                    directory,
                    Map.of(
                            "GRPC", "127.0.0.1:" + weir.grpcPort(),
                            "HTTP", weir.httpUrl(),
                            "ADMIN", weir.adminUrl(""),
                            "DURATION", "3s",
                            "OTLP_PROTO_JAR", protoJar(),
                            "JAVA_HOME", System.getProperty("java.home")),
                    List.of(RUN.toString(), "smoke"));
            int code = k6.exitCode();

            // Then
            assertThat(code).as(k6.output()).isZero();
            assertThat(k6.output()).contains("smoke: passed");
            assertThat(Files.readString(RESULTS.resolve("smoke.html"))).contains("smoke: passed");
            JsonNode metrics = new ObjectMapper()
                    .readTree(RESULTS.resolve("smoke.json").toFile())
                    .path("metrics");
            long accepted =
                    metrics.path("spans_accepted").path("values").path("count").asLong();
            assertThat(accepted).isPositive();
            assertThat(weir.metric("weir_received_items_total", "signal=\"traces\""))
                    .isEqualTo(accepted);
            assertThat(k6.output()).contains("received by the gateway: " + accepted + " spans");
        }
    }

    /** Of the classes that this test uses: the protocol's files are in it. */
    private static String protoJar() {
        return Path.of(URI.create(ExportTraceServiceRequest.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toString()))
                .toString();
    }
}
