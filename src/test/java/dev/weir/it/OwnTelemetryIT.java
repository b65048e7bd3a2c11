package dev.weir.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Weir says of itself, by its switches: log lines as JSON, and its own traces. */
class OwnTelemetryIT {

    @TempDir
    Path directory;

    @Test
    void shouldWriteEveryLogLineAsJsonWhenAsked() throws Exception {
        String output;
        try (WeirProcess weir = WeirProcess.start(
                        directory,
                        "",
                        Map.of("QUARKUS_LOG_CONSOLE_JSON_ENABLED", "true", "WEIR_SHUTDOWN_DELAY", "0s"),
                        List.of());
                OtlpClient client = new OtlpClient(weir.grpcPort())) {
            client.export(Samples.spans("json-log", 1));
            weir.process().terminate();
            assertThat(weir.process().exitCode()).isZero();
            output = weir.process().output();
        }

        List<JsonNode> lines = new ArrayList<>();
        for (String line : output.lines().toList()) {
            lines.add(json(line));
        }
        assertThat(lines).hasSizeGreaterThan(3).allSatisfy(line -> {
            assertThat(line.path("timestamp").asText()).isNotBlank();
            assertThat(line.path("level").asText()).isIn("INFO", "WARN");
            assertThat(line.path("message").asText()).isNotBlank();
        });
        assertThat(lines)
                .anySatisfy(line -> assertThat(line.path("message").asText()).startsWith("taking OTLP over gRPC"));
        assertThat(lines.getLast().path("message").asText()).contains("stopped:");
    }

    @Test
    void shouldTraceItsExportsAndNotItsIntakeAndNeverItself() {
        try (RecordingReceiver backend = new RecordingReceiver();
                RecordingReceiver own = new RecordingReceiver();
                WeirProcess weir = WeirProcess.start(
                        directory,
                        backend.asDestination()
                                + "telemetry: { traces-endpoint: \"http://127.0.0.1:%d\" }\n".formatted(own.port()));
                OtlpClient client = new OtlpClient(weir.grpcPort())) {
            // When
            client.export(Samples.spans("traced", 3));
            weir.awaitBalancedLedger();

            // Then
            await().until(() -> !spans(own).isEmpty());
            assertThat(spans(own)).extracting(Span::getName).containsOnly("export recorder");
            assertThat(own.requests())
                    .allSatisfy(request -> assertThat(((ExportTraceServiceRequest) request).getResourceSpansList())
                            .allSatisfy(OwnTelemetryIT::namesWeir));
            assertThat(backend.itemCount())
                    .as("its own traces go their own way")
                    .isEqualTo(3);
            assertThat(spans(own))
                    .as("one export, and none for the export of that")
                    .hasSize(1);
        }
    }

    private static void namesWeir(ResourceSpans spans) {
        assertThat(spans.getResource().getAttributesList())
                .anySatisfy(attribute -> assertThat(
                                attribute.getKey() + "=" + attribute.getValue().getStringValue())
                        .isEqualTo("service.name=weir"));
    }

    private static List<Span> spans(RecordingReceiver receiver) {
        return receiver.requests().stream()
                .map(ExportTraceServiceRequest.class::cast)
                .flatMap(request -> request.getResourceSpansList().stream())
                .flatMap(resource -> resource.getScopeSpansList().stream())
                .flatMap(scope -> scope.getSpansList().stream())
                .toList();
    }

    private static JsonNode json(String line) {
        try {
            return new ObjectMapper().readTree(line);
        } catch (JsonProcessingException e) {
            throw new AssertionError("no JSON: " + line, e);
        }
    }
}
