package dev.weir.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A destination killed with SIGKILL in the middle of 100,000 spans, and started again. It is a Collector that writes each
 * request to a file before it answers, so that the file holds whatever was ever answered for, across its death.
 *
 * <p>Proves: every span that Weir took is in the file (equal number and hash of trace id, span id and name), so nothing is
 * lost; and spans that are there twice are no more than the requests under way at the kill could hold. Does not prove
 * anything about a destination that answers before it has stored: what such a one loses is out of Weir's reach.
 */
class KilledDestinationIT {

    private static final int REQUESTS = 1000;
    private static final int PER_REQUEST = 100;
    private static final int CONCURRENCY = 4;
    private static final int BATCH_BYTES = 64 << 10;
    private static final int LEAST_SPAN_BYTES = 300;

    @TempDir
    Path directory;

    @Test
    void shouldLoseNothingWhenTheDestinationIsKilledInTheMiddle() {
        try (PeerProcess collector = CollectorFile.start(directory);
                WeirProcess weir =
                        WeirProcess.start(directory, """
                        batch: { size: %d, age: 50ms }
                        export:
                          file:
                            protocol: grpc
                            endpoint: "http://127.0.0.1:%d"
                            concurrency: %d
                            retry: { initial: 100ms, max: 500ms }
                        """.formatted(BATCH_BYTES, collector.port("grpc"), CONCURRENCY));
                OtlpClient client = new OtlpClient(weir.grpcPort())) {
            // When
            SpanTally sent = new SpanTally();
            for (int i = 0; i < REQUESTS; i++) {
                if (i == REQUESTS / 3) {
                    collector.kill();
                }
                if (i == REQUESTS * 2 / 3) {
                    collector.restart();
                }
                send(client, sent);
            }

            // Then
            weir.awaitBalancedLedger();
            collector.stop();
            SpanTally arrived = CollectorFile.read(directory);
            assertThat(arrived.distinct()).isEqualTo(REQUESTS * PER_REQUEST).isEqualTo(sent.distinct());
            assertThat(arrived.hash()).isEqualTo(sent.hash());
            assertThat(arrived.duplicates())
                    .as("spans in requests under way at the kill")
                    .isLessThanOrEqualTo(CONCURRENCY * (BATCH_BYTES / LEAST_SPAN_BYTES + PER_REQUEST));
        }
    }

    private static void send(OtlpClient client, SpanTally sent) {
        ExportTraceServiceRequest request = Samples.spans("killed", PER_REQUEST);
        client.export(request);
        request.getResourceSpans(0)
                .getScopeSpans(0)
                .getSpansList()
                .forEach(span -> sent.add(hex(span.getTraceId()), hex(span.getSpanId()), span.getName()));
    }

    private static String hex(ByteString bytes) {
        return HexFormat.of().formatHex(bytes.toByteArray());
    }
}
