package dev.weir.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.FreePorts;
import io.grpc.StatusRuntimeException;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the process starts, refuses to start, and ends. */
class LifeIT {

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"GRPC", "HTTP"})
    void shouldEndWithASentenceWhenAPortIsTaken(String door) throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("0.0.0.0"))) {
            Map<String, String> ports = Map.of(
                    "WEIR_RECEIVE_GRPC_PORT",
                            Integer.toString(door.equals("GRPC") ? taken.getLocalPort() : FreePorts.next()),
                    "WEIR_RECEIVE_HTTP_PORT",
                            Integer.toString(door.equals("HTTP") ? taken.getLocalPort() : FreePorts.next()));
            try (OsProcess weir = WeirProcess.launch(directory, ports, "run")) {
                assertThat(weir.exitCode()).as(weir.output()).isNotZero();
                assertThat(weir.output()).contains(Integer.toString(taken.getLocalPort()));
                assertThat(weir.output()).as("a sentence, no stack trace").doesNotContain("\tat ");
            }
        }
    }

    @Test
    void shouldEndWithASentenceWhenTheAdminPortIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("0.0.0.0"))) {
            String port = Integer.toString(taken.getLocalPort());
            int[] doors = FreePorts.next(2);
            Map<String, String> ports = Map.of(
                    "QUARKUS_HTTP_PORT", port,
                    "WEIR_RECEIVE_GRPC_PORT", Integer.toString(doors[0]),
                    "WEIR_RECEIVE_HTTP_PORT", Integer.toString(doors[1]));
            try (OsProcess weir = WeirProcess.launch(directory, ports, "run")) {
                assertThat(weir.exitCode()).as(weir.output()).isEqualTo(2);
                assertThat(weir.output())
                        .contains("cannot listen on 0.0.0.0:" + port + " (quarkus.http.port)")
                        .doesNotContain("\tat ");
            }
        }
    }

    @Test
    void shouldNameAFaultInTheAdminPortsConfiguration() {
        try (OsProcess weir = WeirProcess.launch(directory, Map.of("QUARKUS_HTTP_PORT", "abc"), "run")) {
            assertThat(weir.exitCode()).as(weir.output()).isEqualTo(1);
            assertThat(weir.output()).contains("quarkus.http.port", "abc").doesNotContain("\tat ");
        }
    }

    @Test
    void shouldPrintEveryFaultAtOnce() {
        // Given
        Path file = Peers.write(directory, "faulty.yaml", """
                weir:
                  batch: { size: lots, aeg: 1s }
                  receive: { grpc: { port: 99999 } }
                  export:
                    jaeger: { protocol: carrier-pigeon, endpoint: "http://127.0.0.1:4317" }
                """);

        // When
        try (OsProcess check = WeirProcess.launch(directory, Map.of(), "check", file.toString())) {
            // Then
            assertThat(check.exitCode()).as(check.output()).isEqualTo(1);
            assertThat(check.output())
                    .contains("weir.batch.size", "lots")
                    .contains("weir.batch.aeg")
                    .contains("weir.receive.grpc.port", "99999")
                    .contains("weir.export.jaeger.protocol", "carrier-pigeon");
        }
    }

    @Test
    void shouldFindNoFaultInAGoodFile() {
        Path file = Peers.write(directory, "good.yaml", """
                weir:
                  batch: { size: 1MiB }
                  sample: { tail: { policies: [ { name: errors, status: [error] } ] } }
                """);
        try (OsProcess check = WeirProcess.launch(directory, Map.of(), "check", file.toString())) {
            assertThat(check.exitCode()).as(check.output()).isZero();
            assertThat(check.output()).contains("good.yaml: no faults", "errors: as soon as its condition holds");
        }
    }

    @Test
    void shouldRefuseAVariableThatConfiguresNothing() {
        try (OsProcess weir = WeirProcess.launch(directory, Map.of("WEIR_FOO", "1"), "run")) {
            assertThat(weir.exitCode()).as(weir.output()).isEqualTo(1);
            assertThat(weir.output()).contains("WEIR_FOO");
        }
    }

    @Test
    void shouldNotMindWhatKubernetesInjectsForAServiceNamedWeir() {
        Map<String, String> injected = Map.of(
                "WEIR_SERVICE_HOST", "10.0.0.1",
                "WEIR_SERVICE_PORT", "4317",
                "WEIR_SERVICE_PORT_GRPC", "4317",
                "WEIR_PORT", "tcp://10.0.0.1:4317",
                "WEIR_PORT_4317_TCP", "tcp://10.0.0.1:4317",
                "WEIR_PORT_4317_TCP_ADDR", "10.0.0.1",
                "WEIR_PORT_4317_TCP_PORT", "4317",
                "WEIR_PORT_4317_TCP_PROTO", "tcp");
        try (RecordingReceiver receiver = new RecordingReceiver();
                WeirProcess weir = WeirProcess.start(directory, receiver.asDestination(), injected, List.of());
                OtlpClient client = new OtlpClient(weir.grpcPort())) {
            client.export(Samples.spans("kubernetes", 10));
            await().until(() -> receiver.itemCount() == 10);
            assertThat(weir.stop()).as(weir.output()).isZero();
        }
    }

    @Test
    void shouldDeliverWhatItTookBeforeSigterm() throws Exception {
        try (RecordingReceiver receiver = new RecordingReceiver();
                WeirProcess weir = WeirProcess.start(directory, receiver.asDestination());
                OtlpClient client = new OtlpClient(weir.grpcPort())) {
            // Given
            AtomicInteger taken = new AtomicInteger();
            CompletableFuture<Void> load = CompletableFuture.runAsync(() -> sendUntilRefused(client, taken));
            await().until(() -> taken.get() > 2000);

            // When
            int code = weir.stop();

            // Then
            load.get(30, TimeUnit.SECONDS);
            assertThat(code).as(weir.output()).isZero();
            assertThat(weir.output()).doesNotContain("DOES NOT BALANCE");
            assertThat(receiver.itemCount())
                    .as("what was answered for has arrived")
                    .isGreaterThanOrEqualTo(taken.get());
        }
    }

    @Test
    void shouldEndWithThreeWhenItHadToDrop() {
        int nobody = FreePorts.next();
        try (WeirProcess weir = WeirProcess.start(directory, """
                        shutdown-timeout: 2s
                        export:
                          gone: { protocol: grpc, endpoint: "http://127.0.0.1:%d" }
                        """.formatted(nobody));
                OtlpClient client = new OtlpClient(weir.grpcPort())) {
            client.export(Samples.spans("dropped", 10));

            assertThat(weir.stop()).as(weir.output()).isEqualTo(3);
            assertThat(weir.output()).contains("dropped").doesNotContain("DOES NOT BALANCE");
        }
    }

    private static void sendUntilRefused(OtlpClient client, AtomicInteger taken) {
        ExportTraceServiceRequest request = Samples.spans("sigterm", 100);
        try {
            for (int i = 0; i < 100_000; i++) {
                client.export(request);
                taken.addAndGet(100);
            }
        } catch (StatusRuntimeException refused) {
            return;
        }
    }
}
