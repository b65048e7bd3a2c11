package dev.weir.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Message;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** telemetrygen sends each signal through Weir over gRPC and over HTTP; the receiver counts what it says it has made. */
class TelemetrygenIT {

    private static final int COUNT = 500;

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"traces,false", "traces,true", "metrics,false", "metrics,true", "logs,false", "logs,true"})
    void shouldDeliverWhatTelemetrygenSends(String signal, boolean http) {
        String program = Peers.program("telemetrygen");
        try (RecordingReceiver receiver = new RecordingReceiver();
                WeirProcess weir = WeirProcess.start(directory, receiver.asDestination())) {
            // When
            List<String> command = new ArrayList<>(List.of(
                    program,
                    signal,
                    "--otlp-insecure",
                    "--otlp-endpoint=127.0.0.1:" + (http ? weir.httpPort() : weir.grpcPort()),
                    "--rate=0",
                    "--workers=2",
                    "--" + signal + "=" + COUNT / 2));
            if (http) {
                command.add("--otlp-http");
            }
            Commands.run(directory, command);

            // Then
            int expected = signal.equals("traces") ? 2 * COUNT : COUNT; // a trace has a parent and a child
            await().untilAsserted(() -> assertThat(receiver.itemCount()).isEqualTo(expected));
            for (Message item : receiver.items().of(Message.class)) {
                assertThat(item).isInstanceOf(typeOf(signal));
            }
            assertThat(weir.metric("weir_received_items_total", "signal=\"" + signal + "\""))
                    .isEqualTo(expected);
            weir.awaitBalancedLedger();
        }
    }

    private static Class<? extends Message> typeOf(String signal) {
        return switch (signal) {
            case "traces" -> Span.class;
            case "metrics" -> Metric.class;
            default -> LogRecord.class;
        };
    }
}
