package dev.weir.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.weir.FreePorts;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The same spans and log records through Weir's ratio and through the Collector's {@code probabilistic_sampler}: both keep
 * the same ones, with the same {@code th} and {@code sampling.threshold}. Some come with {@code rv}, some were sampled before.
 *
 * <p>Where both mean the same. The Collector writes four digits of T unless told otherwise: it is told to write 14, as Weir
 * does. What comes with a threshold that contradicts its randomness it drops, or with {@code fail_closed: false} keeps all of
 * as {@code th:0}; Weir decides by its own share and erases {@code th}: there is none of it here. Its third mode, which it
 * takes for traces when none is set, draws from a hash of its own and overwrites {@code rv}: nobody can agree with that.
 */
class RatioCollectorIT {

    private static final int SPANS = 20_000;
    private static final int RECORDS = 20_000;
    private static final int A_REQUEST = 1_000;
    private static final String[] THRESHOLDS = {"0", "8", "c", "e6666666666666", "fd", "4", "fffffff"};

    private final Random random = new Random(7);

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({
        "equalizing, 0.1, 10",
        "equalizing, 0.5, 50",
        "proportional, 0.1, 10",
        "proportional, 0.25, 25",
    })
    void shouldKeepWhatTheCollectorKeeps(String mode, double ratio, double percent) throws Exception {
        try (RecordingReceiver kept = new RecordingReceiver();
                RecordingReceiver keptThere = new RecordingReceiver();
                WeirProcess weir = weir(mode, ratio, kept);
                PeerProcess collector = collector(mode, percent, keptThere);
                OtlpClient toWeir = new OtlpClient(weir.grpcPort());
                OtlpClient toCollector = new OtlpClient(collector.port("grpc"))) {
            // When
            for (int i = 0; i < SPANS / A_REQUEST; i++) {
                ExportTraceServiceRequest spans = spans();
                toWeir.export(spans);
                toCollector.export(spans);
                ExportLogsServiceRequest records = records();
                toWeir.export(records);
                toCollector.export(records);
            }
            weir.awaitBalancedLedger();

            // Then
            Map<String, String> spans = spans(kept.requests());
            Map<String, String> records = records(kept.requests());
            assertThat(spans.size()).isBetween(SPANS / 200, SPANS / 10 * 9);
            assertThat(records.size()).isBetween(RECORDS / 200, RECORDS / 10 * 9);
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                assertThat(spans(keptThere.requests())).hasSameSizeAs(spans);
                assertThat(records(keptThere.requests())).hasSameSizeAs(records);
            });
            assertThat(spans).as("spans").isEqualTo(spans(keptThere.requests()));
            assertThat(records).as("log records").isEqualTo(records(keptThere.requests()));
        }
    }

    private ExportTraceServiceRequest spans() {
        ScopeSpans.Builder scope = ScopeSpans.newBuilder();
        for (int i = 0; i < A_REQUEST; i++) {
            ByteString trace = id();
            scope.addSpans(Span.newBuilder()
                    .setTraceId(trace)
                    .setSpanId(trace.substring(0, 8))
                    .setName("GET /")
                    .setStartTimeUnixNano(1)
                    .setEndTimeUnixNano(2)
                    .setTraceState(traceState(trace)));
        }
        return ExportTraceServiceRequest.newBuilder()
                .addResourceSpans(ResourceSpans.newBuilder().addScopeSpans(scope))
                .build();
    }

    private String traceState(ByteString trace) {
        String own = random.nextInt(3) == 0 ? randomness() : "";
        String before = threshold(own.isEmpty() ? hex(trace.substring(9)) : own);
        String ot = Stream.of(own.isEmpty() ? "" : "rv:" + own, before.isEmpty() ? "" : "th:" + before)
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(";"));
        String other = random.nextInt(4) == 0 ? "vendor=1" : "";
        return Stream.of(ot.isEmpty() ? "" : "ot=" + ot, other)
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(","));
    }

    private ExportLogsServiceRequest records() {
        ScopeLogs.Builder scope = ScopeLogs.newBuilder();
        for (int i = 0; i < A_REQUEST; i++) {
            ByteString trace = id();
            LogRecord.Builder record = LogRecord.newBuilder()
                    .setTraceId(trace)
                    .setSpanId(trace.substring(0, 8))
                    .setTimeUnixNano(1);
            String own = random.nextInt(3) == 0 ? randomness() : "";
            if (!own.isEmpty()) {
                record.addAttributes(Samples.attribute("sampling.randomness", own));
            }
            String before = threshold(own.isEmpty() ? hex(trace.substring(9)) : own);
            if (!before.isEmpty()) {
                record.addAttributes(Samples.attribute("sampling.threshold", before));
            }
            scope.addLogRecords(record);
        }
        return ExportLogsServiceRequest.newBuilder()
                .addResourceLogs(ResourceLogs.newBuilder().addScopeLogs(scope))
                .build();
    }

    /** By which an earlier sampler may have kept what has this randomness; often there was none. */
    private String threshold(String randomness) {
        String some = THRESHOLDS[random.nextInt(THRESHOLDS.length)];
        return random.nextBoolean() && randomness.compareTo(some) >= 0 ? some : "";
    }

    private String randomness() {
        return HexFormat.of().toHexDigits(random.nextLong(), 14);
    }

    private ByteString id() {
        return ByteString.copyFrom(ByteBuffer.allocate(16)
                .putLong(random.nextLong())
                .putLong(random.nextLong())
                .flip());
    }

    /** By trace id, the trace state; the order of the members of {@code ot} means nothing. */
    private static Map<String, String> spans(List<Message> requests) {
        Map<String, String> spans = new TreeMap<>();
        of(requests, ExportTraceServiceRequest.class)
                .flatMap(request -> request.getResourceSpansList().stream())
                .flatMap(resource -> resource.getScopeSpansList().stream())
                .flatMap(scope -> scope.getSpansList().stream())
                .forEach(span -> spans.put(hex(span.getTraceId()), normal(span.getTraceState())));
        return spans;
    }

    private static String normal(String traceState) {
        return Stream.of(traceState.split(","))
                .map(entry -> entry.startsWith("ot=")
                        ? Stream.of(entry.substring(3).split(";")).sorted().collect(Collectors.joining(";", "ot=", ""))
                        : entry)
                .collect(Collectors.joining(","));
    }

    /** By trace id, the attributes. */
    private static Map<String, String> records(List<Message> requests) {
        Map<String, String> records = new TreeMap<>();
        of(requests, ExportLogsServiceRequest.class)
                .flatMap(request -> request.getResourceLogsList().stream())
                .flatMap(resource -> resource.getScopeLogsList().stream())
                .flatMap(scope -> scope.getLogRecordsList().stream())
                .forEach(record -> records.put(
                        hex(record.getTraceId()),
                        record.getAttributesList().stream()
                                .map(RatioCollectorIT::text)
                                .sorted()
                                .collect(Collectors.joining(","))));
        return records;
    }

    private static String text(KeyValue attribute) {
        return attribute.getKey() + "=" + attribute.getValue().getStringValue();
    }

    private static <T extends Message> Stream<T> of(List<Message> requests, Class<T> type) {
        return requests.stream().filter(type::isInstance).map(type::cast);
    }

    private static String hex(ByteString id) {
        return HexFormat.of().formatHex(id.toByteArray());
    }

    private WeirProcess weir(String mode, double ratio, RecordingReceiver to) {
        return WeirProcess.start(
                directory,
                "sample: { ratio: { traces: %s, logs: %s, mode: %s } }%n".formatted(ratio, ratio, mode)
                        + to.asDestination());
    }

    private PeerProcess collector(String mode, double percent, RecordingReceiver to) {
        int port = FreePorts.next();
        return Peers.collector(directory, """
                receivers: { otlp: { protocols: { grpc: { endpoint: "127.0.0.1:%d" } } } }
                processors:
                  probabilistic_sampler: { sampling_percentage: %s, sampling_precision: 14, mode: %s }
                exporters: { otlp_grpc: { endpoint: "127.0.0.1:%d", compression: none, tls: { insecure: true } } }
                service:
                  extensions: [health_check]
                  telemetry: { metrics: { level: none } }
                  pipelines:
                    traces: { receivers: [otlp], processors: [probabilistic_sampler], exporters: [otlp_grpc] }
                    logs: { receivers: [otlp], processors: [probabilistic_sampler], exporters: [otlp_grpc] }
                """.formatted(port, percent, mode, to.port()), Map.of("grpc", port));
    }
}
