package dev.weir.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Metrics by OTLP/HTTP to a real Prometheus 3, read back by its query language. */
class PrometheusIT {

    @TempDir
    Path directory;

    @Test
    void shouldDeliverSumGaugeAndHistogramToPrometheus() {
        try (PeerProcess prometheus = Peers.prometheus(directory);
                WeirProcess weir = WeirProcess.start(directory, """
                        export:
                          prometheus:
                            protocol: http/protobuf
                            endpoint: "%s/api/v1/otlp"
                            signals: [metrics]
                        """.formatted(prometheus.url("http")));
                OtlpClient client = new OtlpClient(weir.grpcPort())) {
            // When
            client.export(Samples.metrics("prometheus-it", 4242, -17.25, List.of(3L, 2L, 1L)));

            // Then
            weir.awaitBalancedLedger();
            assertValue(prometheus, "it_requests_total{route=\"/items\", job=\"prometheus-it\"}", 4242);
            assertValue(prometheus, "it_temperature{job=\"prometheus-it\"}", -17.25);
            assertValue(prometheus, "it_duration_count", 3 + 2 + 1);
            assertValue(prometheus, "it_duration_sum", (3 + 2 + 1) * 1.5);
            assertValue(prometheus, "it_duration_bucket{le=\"1.0\"} or it_duration_bucket{le=\"1\"}", 3);
            assertValue(prometheus, "it_duration_bucket{le=\"2.0\"} or it_duration_bucket{le=\"2\"}", 3 + 2);
            assertValue(prometheus, "it_duration_bucket{le=\"+Inf\"}", 3 + 2 + 1);
        }
    }

    private static void assertValue(PeerProcess prometheus, String query, double expected) {
        String url = prometheus.url("http") + "/api/v1/query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8);
        await().untilAsserted(() -> {
            JsonNode result = Http.getJson(url).at("/data/result");
            assertThat(result).as(query).hasSize(1);
            assertThat(result.at("/0/value/1").asDouble()).as(query).isEqualTo(expected);
        });
    }
}
