package dev.weir.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * 100,000 spans to a real Jaeger v2, read back through its query API: the number and a hash over (trace id, span id, name)
 * are equal at both ends. And a Jaeger that is killed and comes back gets what was sent while it was away. Its memory store
 * forgets with the process, so that this cannot show that nothing was lost before; {@link KilledDestinationIT} does, with a
 * destination that writes to a file.
 */
class JaegerIT {

    private static final int SPANS = 100_000;
    private static final int PER_REQUEST = 500;

    @TempDir
    Path directory;

    @Test
    void shouldDeliverEverySpanToJaeger() {
        try (PeerProcess jaeger = Peers.jaeger(directory);
                WeirProcess weir = WeirProcess.start(directory, to(jaeger));
                OtlpClient client = new OtlpClient(weir.grpcPort())) {
            // When
            SpanTally sent = new SpanTally();
            Set<String> traces = new LinkedHashSet<>();
            for (int i = 0; i < SPANS / PER_REQUEST; i++) {
                send(client, sent, traces);
            }

            // Then
            weir.awaitBalancedLedger();
            SpanTally arrived = readBack(jaeger, traces);
            assertThat(arrived.distinct()).isEqualTo(SPANS).isEqualTo(sent.distinct());
            assertThat(arrived.hash()).isEqualTo(sent.hash());
            assertThat(arrived.duplicates()).isZero();
        }
    }

    @Test
    void shouldDeliverWhatWasSentWhileJaegerWasAway() {
        try (PeerProcess jaeger = Peers.jaeger(directory);
                WeirProcess weir = WeirProcess.start(directory, to(jaeger));
                OtlpClient client = new OtlpClient(weir.grpcPort())) {
            // Given
            send(client, new SpanTally(), new LinkedHashSet<>());
            weir.awaitBalancedLedger();
            jaeger.kill();

            // When
            SpanTally sent = new SpanTally();
            Set<String> traces = new LinkedHashSet<>();
            for (int i = 0; i < 10; i++) {
                send(client, sent, traces);
            }
            await().atMost(Duration.ofSeconds(20)).until(() -> LedgerLaws.underWay(weir.status()) == 10 * PER_REQUEST);
            jaeger.restart();
            for (int i = 0; i < 10; i++) {
                send(client, sent, traces);
            }

            // Then
            weir.awaitBalancedLedger();
            SpanTally arrived = readBack(jaeger, traces);
            assertThat(arrived.distinct()).isEqualTo(20 * PER_REQUEST);
            assertThat(arrived.hash()).isEqualTo(sent.hash());
        }
    }

    private static String to(PeerProcess jaeger) {
        return """
                export:
                  jaeger:
                    protocol: grpc
                    endpoint: "http://127.0.0.1:%d"
                    signals: [traces]
                    retry: { initial: 100ms, max: 1s }
                """.formatted(jaeger.port("grpc"));
    }

    private static void send(OtlpClient client, SpanTally sent, Set<String> traces) {
        ExportTraceServiceRequest request = Samples.spans("jaeger-it", PER_REQUEST);
        client.export(request);
        request.getResourceSpans(0).getScopeSpans(0).getSpansList().forEach(span -> {
            traces.add(hex(span.getTraceId()));
            sent.add(hex(span.getTraceId()), hex(span.getSpanId()), span.getName());
        });
    }

    private static SpanTally readBack(PeerProcess jaeger, Set<String> traces) {
        SpanTally arrived = new SpanTally();
        for (String id : traces) {
            JsonNode spans =
                    Http.getJson(jaeger.url("query") + "/api/traces/" + id).at("/data/0/spans");
            for (JsonNode span : spans) {
                arrived.add(
                        span.path("traceID").asText(),
                        span.path("spanID").asText(),
                        span.path("operationName").asText());
            }
        }
        return arrived;
    }

    private static String hex(ByteString bytes) {
        return HexFormat.of().formatHex(bytes.toByteArray());
    }
}
