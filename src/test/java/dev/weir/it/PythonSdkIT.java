package dev.weir.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** OpenTelemetry's Python SDK sends all three signals through Weir: every name, index and sum arrives, once. */
class PythonSdkIT {

    private static final int COUNT = 700;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"grpc", "http"})
    void shouldDeliverWhatThePythonSdkSends(String protocol) {
        String python = Peers.python();
        try (RecordingReceiver receiver = new RecordingReceiver();
                WeirProcess weir = WeirProcess.start(directory, receiver.asDestination())) {
            // When
            Commands.run(
                    directory,
                    List.of(
                            python,
                            Path.of("load-tests/peers/python/send.py")
                                    .toAbsolutePath()
                                    .toString(),
                            protocol,
                            protocol.equals("grpc") ? weir.grpcUrl() : weir.httpUrl(),
                            Integer.toString(COUNT)));

            // Then
            await().untilAsserted(() -> assertThat(receiver.itemCount()).isGreaterThanOrEqualTo(COUNT + 1 + COUNT));
            Items items = receiver.items();
            assertThat(items.of(Span.class).stream().map(PythonSdkIT::nameAndIndex))
                    .containsExactlyInAnyOrderElementsOf(IntStream.range(0, COUNT)
                            .mapToObj(i -> "span-" + i + " " + i)
                            .toList());
            assertThat(items.of(LogRecord.class).stream()
                            .map(log -> log.getBody().getStringValue()))
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.range(0, COUNT).mapToObj(i -> "log-" + i).toList());
            assertThat(items.of(Metric.class).stream()
                            .filter(metric -> metric.getName().equals("python.sent"))
                            .map(metric -> metric.getSum().getDataPoints(0).getAsInt()))
                    .containsExactly(2L * COUNT);
            assertThat(items.counts().values()).as("how often each arrived").containsOnly(1);
            weir.awaitBalancedLedger();
        }
    }

    private static String nameAndIndex(Span span) {
        return span.getName() + " " + span.getAttributes(0).getValue().getIntValue();
    }
}
