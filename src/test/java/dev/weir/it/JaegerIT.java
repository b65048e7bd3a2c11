package dev.weir.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * 100,000 spans to a real Jaeger v2, read back through its query API: the number and a hash over all that a span says there,
 * {@link JaegerSpan}, are equal at both ends. And a Jaeger that is killed and comes back gets what was sent while it was away. Its memory store
 * forgets with the process, so that this cannot show that nothing was lost before; {@link KilledDestinationIT} does, with a
 * destination that writes to a file.
 */
class JaegerIT {

    private static final int SPANS = 100_000;
    private static final int PER_REQUEST = 500;
    /** Requests. */
    private static final int THIRD = SPANS / PER_REQUEST / 3;
    /** Four batches of 512 KiB at once, of spans of 300 bytes and more. */
    private static final int MOST_UNDER_WAY = 4 * (512 << 10) / 300;

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
            send(SPANS / PER_REQUEST, client, sent, traces);

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
            // Given: what it has before, it forgets as it dies, so that is read back first
            SpanTally before = new SpanTally();
            Set<String> tracesBefore = new LinkedHashSet<>();
            send(THIRD, client, before, tracesBefore);
            weir.awaitBalancedLedger();
            assertThat(readBack(jaeger, tracesBefore).hash()).isEqualTo(before.hash());
            jaeger.kill();

            // When
            SpanTally sent = new SpanTally();
            Set<String> traces = new LinkedHashSet<>();
            send(THIRD, client, sent, traces);
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> LedgerLaws.underWay(weir.status()) == THIRD * PER_REQUEST);
            jaeger.restart();
            send(SPANS / PER_REQUEST - 2 * THIRD, client, sent, traces);

            // Then
            weir.awaitBalancedLedger();
            SpanTally arrived = readBack(jaeger, traces);
            assertThat(arrived.distinct()).isEqualTo(SPANS - THIRD * PER_REQUEST);
            assertThat(arrived.hash()).isEqualTo(sent.hash());
            assertThat(arrived.duplicates())
                    .as("spans in requests that were under way as it came back")
                    .isLessThanOrEqualTo(MOST_UNDER_WAY);
        }
    }

    /** A request's spans one by one, so that a difference can be read. */
    @Test
    void shouldDeliverAllThatASpanSays() {
        try (PeerProcess jaeger = Peers.jaeger(directory);
                WeirProcess weir = WeirProcess.start(directory, to(jaeger));
                OtlpClient client = new OtlpClient(weir.grpcPort())) {
            ExportTraceServiceRequest request = varied();
            client.export(request);
            weir.awaitBalancedLedger();

            ResourceSpans resource = request.getResourceSpans(0);
            ScopeSpans scope = resource.getScopeSpans(0);
            Map<String, List<JaegerSpan>> sent = scope.getSpansList().stream()
                    .map(span -> JaegerSpan.sent(resource.getResource(), scope.getScope(), span))
                    .collect(Collectors.groupingBy(JaegerSpan::traceId));
            sent.forEach((id, spans) -> assertThat(
                            JaegerSpan.arrived(Http.getJson(jaeger.url("query") + "/api/traces/" + id)
                                    .at("/data/0")))
                    .containsExactlyInAnyOrderElementsOf(spans));
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

    private static void send(int requests, OtlpClient client, SpanTally sent, Set<String> traces) {
        for (int i = 0; i < requests; i++) {
            send(client, sent, traces);
        }
    }

    private static void send(OtlpClient client, SpanTally sent, Set<String> traces) {
        ExportTraceServiceRequest request = varied();
        client.export(request);
        ResourceSpans resource = request.getResourceSpans(0);
        ScopeSpans scope = resource.getScopeSpans(0);
        for (Span span : scope.getSpansList()) {
            traces.add(hex(span.getTraceId()));
            sent.add(JaegerSpan.sent(resource.getResource(), scope.getScope(), span));
        }
    }

    private static SpanTally readBack(PeerProcess jaeger, Set<String> traces) {
        SpanTally arrived = new SpanTally();
        for (String id : traces) {
            JsonNode trace =
                    Http.getJson(jaeger.url("query") + "/api/traces/" + id).at("/data/0");
            JaegerSpan.arrived(trace).forEach(arrived::add);
        }
        return arrived;
    }

    /** Every kind and status, roots and children, and values of each simple type. */
    private static ExportTraceServiceRequest varied() {
        ExportTraceServiceRequest.Builder request = Samples.spans("jaeger-it", PER_REQUEST).toBuilder();
        int i = 0;
        for (Span.Builder span :
                request.getResourceSpansBuilder(0).getScopeSpansBuilder(0).getSpansBuilderList()) {
            if (i % 10 == 0) {
                span.clearParentSpanId();
            }
            span.setKindValue(1 + i % 5);
            span.setStartTimeUnixNano(span.getStartTimeUnixNano() + i * 1000L);
            span.setEndTimeUnixNano(span.getEndTimeUnixNano() + i * 7000L);
            span.getStatusBuilder().setCodeValue(i % 3);
            if (i % 3 == StatusCode.STATUS_CODE_ERROR_VALUE) {
                span.getStatusBuilder().setMessage("failed " + i);
            }
            span.addAttributes(attribute("it.ratio", AnyValue.newBuilder().setDoubleValue(i + 0.5)));
            span.addAttributes(attribute("it.even", AnyValue.newBuilder().setBoolValue(i % 2 == 0)));
            span.addAttributes(attribute("it.number", AnyValue.newBuilder().setIntValue(-i)));
            i++;
        }
        return request.build();
    }

    private static KeyValue attribute(String key, AnyValue.Builder value) {
        return KeyValue.newBuilder().setKey(key).setValue(value).build();
    }

    private static String hex(ByteString bytes) {
        return HexFormat.of().formatHex(bytes.toByteArray());
    }
}
