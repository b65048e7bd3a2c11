package dev.weir.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example as it is, with what it says of its decisions, and an end with as many held traces as there may be. */
class TailIT {

    private static final int ERRORS = 100;
    private static final int OTHERS = 1000;
    private static final int HELD_TRACES = 200_000;
    private static final int TRACES_A_REQUEST = 1000;

    @TempDir
    Path directory;

    @Test
    void shouldFindNoFaultInTheExampleAndSayWhenItDecides() {
        try (OsProcess check =
                WeirProcess.launch(directory, Map.of(), "check", example().toString())) {
            assertThat(check.exitCode()).as(check.output()).isZero();
            assertThat(check.output())
                    .contains("  health: ")
                    .contains("  errors: never: 'health' before it may still match, with another outcome");
        }
    }

    @Test
    void shouldSampleAsTheExampleSaysAndExplainIt() {
        try (WeirProcess weir = WeirProcess.startFile(directory, example());
                OtlpClient client = new OtlpClient(weir.grpcPort())) {
            // When
            telemetrygen(weir, ERRORS, "Error");
            telemetrygen(weir, OTHERS, "Ok");
            ByteString health = Samples.traceId();
            ByteString failed = Samples.traceId();
            client.export(trace(health, "/health", Status.StatusCode.STATUS_CODE_ERROR));
            client.export(trace(failed, "/pay", Status.StatusCode.STATUS_CODE_ERROR));
            assertThat(decision(weir, failed).path("outcome").asText()).isEqualTo("held");
            weir.awaitBalancedLedger();

            // Then
            int spans = 2 * (ERRORS + OTHERS) + 2; // telemetrygen's traces have a parent and a child
            JsonNode ledger = weir.status().path("pipeline").path("traces");
            assertThat(ledger.path("received").asInt()).isEqualTo(spans);
            JsonNode out = ledger.path("sampledOut");
            assertThat(out.path("health").asInt()).isEqualTo(1);
            int kept = OTHERS - out.path("the-rest").asInt() / 2;
            assertThat(kept).as("a tenth, within five sigma").isBetween(OTHERS / 10 - 48, OTHERS / 10 + 48);
            assertThat(ledger.path("delivered").asInt()).isEqualTo(2 * (ERRORS + kept) + 1);

            assertThat(traces(weir, "error")).hasSize(ERRORS + 1);
            List<String> others = traces(weir, "ok");
            assertThat(others).hasSize(kept);
            assertThat(stored(weir, others.getFirst()).findValuesAsText("traceState"))
                    .as("each stands for ten")
                    .containsExactly("ot=th:e666", "ot=th:e666");
            explained(weir, health, failed, others.getFirst());
        }
    }

    private static void explained(WeirProcess weir, ByteString health, ByteString failed, String other) {
        JsonNode dropped = decision(weir, health);
        assertThat(dropped.path("outcome").asText()).isEqualTo("dropped");
        assertThat(dropped.path("policy").asText()).isEqualTo("health");
        assertThat(dropped.path("reason").asText()).isEqualTo("certain");
        JsonNode kept = decision(weir, failed);
        assertThat(kept.path("outcome").asText()).isEqualTo("kept");
        assertThat(kept.path("policy").asText()).isEqualTo("errors");
        assertThat(kept.path("probability").asDouble()).isEqualTo(1);
        assertThat(kept.path("reason").asText()).isEqualTo("root_wait_over");
        assertThat(kept.path("spans").asInt()).isEqualTo(1);
        JsonNode share = decision(weir, other);
        assertThat(share.path("policy").asText()).isEqualTo("the-rest");
        assertThat(share.path("probability").asDouble()).isBetween(0.0999, 0.1001);
        assertThat(share.path("threshold").asText()).isEqualTo("e666");

        JsonNode policies = Http.getJson(weir.adminUrl("/api/policies")).path("policies");
        assertThat(policies.findValuesAsText("name")).containsExactly("health", "errors", "slow", "the-rest");
        assertThat(policies.path(1).path("kept").asInt()).isEqualTo(ERRORS + 1);
        assertThat(policies.path(1).path("spans").asInt()).isEqualTo(2 * ERRORS + 1);
        assertThat(weir.metric("weir_tail_decisions_total", "reason=\"root_wait_over\""))
                .isEqualTo(ERRORS + OTHERS + 1);
    }

    @Test
    void shouldLetLateSpansFollowAndCountThem() {
        try (RecordingReceiver receiver = new RecordingReceiver();
                WeirProcess weir = WeirProcess.startWithTail(directory, """
                        sample: { tail: { decision-wait: 1s, policies: [ { name: errors, status: [error] } ] } }
                        """ + receiver.asDestination());
                OtlpClient client = new OtlpClient(weir.grpcPort())) {
            // Given
            ByteString failed = Samples.traceId();
            ByteString fine = Samples.traceId();
            client.export(trace(failed, "/pay", Status.StatusCode.STATUS_CODE_ERROR));
            client.export(trace(fine, "/pay", Status.StatusCode.STATUS_CODE_OK));
            weir.awaitBalancedLedger();

            // When
            client.export(trace(failed, "/late", Status.StatusCode.STATUS_CODE_OK));
            client.export(trace(fine, "/late", Status.StatusCode.STATUS_CODE_ERROR));
            weir.awaitBalancedLedger();

            // Then
            SpansByTrace arrived = new SpansByTrace();
            receiver.requests().forEach(request -> arrived.add((ExportTraceServiceRequest) request));
            assertThat(arrived.traces()).containsExactly(failed);
            assertThat(arrived.spanCount()).isEqualTo(2);
            assertThat(decision(weir, failed).path("lateSpans").asInt()).isEqualTo(1);
            assertThat(decision(weir, fine).path("lateSpans").asInt()).isEqualTo(1);
            assertThat(decision(weir, failed).path("reason").asText()).isEqualTo("certain");
        }
    }

    @Test
    void shouldDeliverWhatThePoliciesKeepOfAllThatIsHeldAtSigterm() throws Exception {
        try (RecordingReceiver receiver = new RecordingReceiver();
                WeirProcess weir = WeirProcess.startWithTail(directory, """
                        sample:
                          tail:
                            decision-wait: 10m
                            decision-wait-after-root: 10m
                            policies:
                              - { name: giants, drop: { span-count: { at-least: 1000 } } } # so that nothing is certain
                              - { name: errors, status: [error] }
                        """ + receiver.asDestination());
                OtlpClient client = new OtlpClient(weir.grpcPort())) {
            // Given
            SpansByTrace expected = new SpansByTrace();
            for (int i = 0; i < HELD_TRACES / TRACES_A_REQUEST; i++) {
                ExportTraceServiceRequest failing =
                        traces(TRACES_A_REQUEST / 10, "/pay", Status.StatusCode.STATUS_CODE_ERROR);
                expected.add(failing);
                List<Future<?>> answers = List.of(
                        client.exportLater(failing),
                        client.exportLater(
                                traces(TRACES_A_REQUEST * 9 / 10, "/pay", Status.StatusCode.STATUS_CODE_OK)));
                for (Future<?> answer : answers) {
                    answer.get();
                }
            }
            assertThat(weir.metric("weir_tail_held_traces")).isEqualTo(HELD_TRACES);
            assertThat(receiver.requests()).isEmpty();

            // When
            int code = weir.stop();

            // Then
            assertThat(code).as(weir.output()).isZero();
            assertThat(weir.output()).doesNotContain("DOES NOT BALANCE");
            SpansByTrace arrived = new SpansByTrace();
            receiver.requests().forEach(request -> arrived.add((ExportTraceServiceRequest) request));
            assertThat(expected.difference(arrived)).isEmpty();
        }
    }

    private static Path example() {
        return Path.of("examples/tail.yaml").toAbsolutePath();
    }

    private void telemetrygen(WeirProcess weir, int traces, String status) {
        Commands.run(
                directory,
                List.of(
                        Peers.program("telemetrygen"),
                        "traces",
                        "--otlp-insecure",
                        "--otlp-endpoint=127.0.0.1:" + weir.grpcPort(),
                        "--rate=0",
                        "--status-code=" + status,
                        "--traces=" + traces));
    }

    /** A trace of one root span. */
    private static ExportTraceServiceRequest trace(ByteString id, String route, Status.StatusCode status) {
        return request(ScopeSpans.newBuilder().addSpans(span(id, route, status)));
    }

    private static ExportTraceServiceRequest traces(int count, String route, Status.StatusCode status) {
        ScopeSpans.Builder scope = ScopeSpans.newBuilder();
        for (int i = 0; i < count; i++) {
            scope.addSpans(span(Samples.traceId(), route, status));
        }
        return request(scope);
    }

    private static ExportTraceServiceRequest request(ScopeSpans.Builder scope) {
        return ExportTraceServiceRequest.newBuilder()
                .addResourceSpans(ResourceSpans.newBuilder().addScopeSpans(scope))
                .build();
    }

    private static Span.Builder span(ByteString id, String route, Status.StatusCode status) {
        long now = System.currentTimeMillis() * 1_000_000;
        return Span.newBuilder()
                .setTraceId(id)
                .setSpanId(id.substring(8))
                .setName("GET " + route)
                .setStartTimeUnixNano(now - Duration.ofMillis(5).toNanos())
                .setEndTimeUnixNano(now)
                .addAttributes(Samples.attribute("http.route", route))
                .setStatus(Status.newBuilder().setCode(status));
    }

    private static JsonNode decision(WeirProcess weir, ByteString id) {
        return decision(weir, HexFormat.of().formatHex(id.toByteArray()));
    }

    private static JsonNode decision(WeirProcess weir, String id) {
        return Http.getJson(weir.adminUrl("/api/decisions/" + id));
    }

    private static List<String> traces(WeirProcess weir, String status) {
        return Http.getJson(weir.adminUrl("/api/traces?limit=1000&status=" + status))
                .findValuesAsText("traceId");
    }

    private static JsonNode stored(WeirProcess weir, String id) {
        return Http.getJson(weir.adminUrl("/api/traces/" + id));
    }
}
