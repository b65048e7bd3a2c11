package dev.weir.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.Message;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.nio.file.Path;
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
