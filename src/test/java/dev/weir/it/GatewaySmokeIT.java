package dev.weir.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.luben.zstd.Zstd;
import com.google.protobuf.Message;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Started with nothing configured: both doors, the API, health, metrics, and an orderly end. Also of the native executable. */
class GatewaySmokeIT {

    @TempDir
    Path directory;

    @Test
    void shouldTakeShowAndEndWithoutConfiguration() {
        // Given
        try (WeirProcess weir = WeirProcess.startUnconfigured(directory);
                OtlpClient client = new OtlpClient(weir.grpcPort())) {
            ExportTraceServiceRequest overGrpc = Samples.spans("smoke-grpc", 10);
            ExportTraceServiceRequest overHttp = Samples.spans("smoke-http", 10);

            // When
            Message answer = client.export(overGrpc);
            int status = Http.post(weir.httpUrl() + "/v1/traces", "application/x-protobuf", overHttp.toByteArray())
                    .statusCode();

            // Then
            assertThat(answer.getSerializedSize()).as("no partial success").isZero();
            assertThat(status).isEqualTo(200);
            awaitTrace(weir, "smoke-grpc", overGrpc);
            awaitTrace(weir, "smoke-http", overHttp);
            for (String probe : new String[] {"started", "live", "ready"}) {
                JsonNode health = Http.getJson(weir.adminUrl("/q/health/" + probe));
                assertThat(health.path("status").asText()).as(probe).isEqualTo("UP");
            }
            assertThat(weir.metric("weir_received_items_total", "signal=\"traces\""))
                    .isEqualTo(20);
            weir.awaitBalancedLedger();

            assertThat(weir.stop()).as(weir.output()).isZero();
            assertThat(weir.output()).as("the ledger's line").containsPattern("(?i)received.*20");
        }
    }

    /** What could be missing from a native executable: regular expressions, CEL that is evaluated, zstd, YAML, a client. */
    @Test
    void shouldSampleByWhatNeedsALibraryAndForward() {
        try (RecordingReceiver backend = new RecordingReceiver();
                WeirProcess weir = WeirProcess.start(directory, """
                        sample:
                          tail:
                            decision-wait: 1s
                            buffer-size: 16MiB
                            policies:
                              - { name: pattern, string: { key: service.name, matches: "^pattern-[0-9]+$" } }
                              - { name: translated, condition: "spans.exists(s, s.resource['service.name'] == 'translated')" }
                              - { name: evaluated, condition: "spans.map(s, s.resource['service.name']).exists(n, n.endsWith('uated'))" }
                        export:
                          recorder: { protocol: grpc, endpoint: "http://127.0.0.1:%d", compression: gzip }
                        """.formatted(backend.port()))) {
            // When
            List<String> services = List.of("pattern-7", "translated", "evaluated", "none of them");
            for (String service : services) {
                byte[] zstd = Zstd.compress(Samples.spans(service, 2).toByteArray());
                assertThat(Http.post(weir.httpUrl() + "/v1/traces", "application/x-protobuf", "zstd", zstd)
                                .statusCode())
                        .isEqualTo(200);
            }

            // Then
            weir.awaitBalancedLedger();
            assertThat(backend.itemCount()).isEqualTo(3 * 2);
            JsonNode policies = Http.getJson(weir.adminUrl("/api/policies")).path("policies");
            assertThat(policies.findValuesAsText("kept"))
                    .as(policies.toString())
                    .containsExactly("1", "1", "1");
            assertThat(policies.at("/2/conditions/0/evaluated").asInt())
                    .as("by CEL: those that no policy before it had matched")
                    .isEqualTo(2);
        }
    }

    private static void awaitTrace(WeirProcess weir, String service, ExportTraceServiceRequest sent) {
        String id = java.util.HexFormat.of()
                .formatHex(sent.getResourceSpans(0)
                        .getScopeSpans(0)
                        .getSpans(0)
                        .getTraceId()
                        .toByteArray());
        await().untilAsserted(() -> assertThat(Http.get(weir.adminUrl("/api/traces?service=" + service))
                        .body())
                .containsIgnoringCase(id));
        JsonNode trace = Http.getJson(weir.adminUrl("/api/traces/" + id));
        assertThat(trace.findValuesAsText("name")).contains("GET /items/0", "GET /items/9");
    }
}
