package dev.weir.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Message;
import dev.weir.FreePorts;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Collector sends to Weir over gRPC and HTTP, compressed in each way it has; all three signals arrive as they were. */
class CollectorIT {

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"otlp_grpc none", "otlp_grpc gzip", "otlp_grpc zstd", "otlp_http gzip", "otlp_http zstd"})
    void shouldDeliverWhatTheCollectorSends(String exporterAndCompression) {
        String[] how = exporterAndCompression.split(" ");
        try (RecordingReceiver receiver = new RecordingReceiver();
                WeirProcess weir = WeirProcess.start(directory, receiver.asDestination());
                PeerProcess collector = collector(how[0], how[1], weir);
                OtlpClient client = new OtlpClient(collector.port("grpc"))) {
            // When
            List<Message> sent = List.of(
                    Samples.spans("collected", 100),
                    Samples.metrics("collected", 3, 2.5, List.of(0L, 4L, 1L)),
                    Samples.logs("collected", 100));
            sent.forEach(client::export);

            // Then
            Items expected = Items.of(sent);
            await().untilAsserted(() -> assertThat(receiver.itemCount())
                    .as(() -> collector.output())
                    .isEqualTo(expected.count()));
            assertThat(expected.difference(receiver.items())).isEmpty();
            weir.awaitBalancedLedger();
        }
    }

    private PeerProcess collector(String exporter, String compression, WeirProcess weir) {
        int port = FreePorts.next();
        String endpoint = exporter.equals("otlp_grpc") ? "127.0.0.1:" + weir.grpcPort() : weir.httpUrl();
        return Peers.collector(
                directory,
                """
                receivers: { otlp: { protocols: { grpc: { endpoint: "127.0.0.1:%d" } } } }
                exporters: { %s: { endpoint: "%s", compression: %s, tls: { insecure: true } } }
                service:
                  extensions: [health_check]
                  telemetry: { metrics: { level: none } }
                  pipelines:
                    traces: { receivers: [otlp], exporters: [%s] }
                    metrics: { receivers: [otlp], exporters: [%s] }
                    logs: { receivers: [otlp], exporters: [%s] }
                """.formatted(port, exporter, endpoint, compression, exporter, exporter, exporter),
                Map.of("grpc", port));
    }
}
