package dev.weir.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.opentelemetry.exporter.otlp.http.logs.OtlpHttpLogRecordExporter;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.logs.OtlpGrpcLogRecordExporter;
import io.opentelemetry.exporter.otlp.metrics.OtlpGrpcMetricExporter;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Real senders, all three signals, through Weir to real receivers at once: spans to Jaeger, metrics to Prometheus, log records
 * to the Collector. What these say has arrived is what a fourth destination has recorded, of which other tests show that it is
 * what was sent.
 */
class RealReceiversIT {

    private static final int COUNT = 60;

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"java,grpc", "java,http", "python,grpc", "python,http", "telemetrygen,grpc", "telemetrygen,http"})
    void shouldDeliverAllThreeSignals(String sender, String protocol) {
        try (RecordingReceiver recorder = new RecordingReceiver();
                PeerProcess jaeger = Peers.jaeger(directory);
                PeerProcess prometheus = Peers.prometheus(directory);
                PeerProcess collector = CollectorFile.start(directory);
                WeirProcess weir = WeirProcess.start(
                        directory,
                        recorder.asDestination()
                                + """
                          jaeger: { protocol: grpc, endpoint: "http://127.0.0.1:%d", signals: [traces] }
                          prometheus: { protocol: http/protobuf, endpoint: "%s/api/v1/otlp", signals: [metrics] }
                          logs: { protocol: grpc, endpoint: "http://127.0.0.1:%d", signals: [logs] }
                        """.formatted(jaeger.port("grpc"), prometheus.url("http"), collector.port("grpc"))
                                        .indent(0))) {
            // When
            switch (sender) {
                case "java" -> java(weir, protocol);
                case "python" -> python(weir, protocol);
                default -> telemetrygen(weir, protocol);
            }
            weir.awaitBalancedLedger();

            // Then
            Items sent = recorder.items();
            assertSpans(recorder, jaeger);
            assertMetrics(sent.of(Metric.class), prometheus);
            List<LogRecord> logs = sent.counts().keySet().stream()
                    .map(Items.Item::item)
                    .filter(LogRecord.class::isInstance)
                    .map(LogRecord.class::cast)
                    .toList();
            collector.stop();
            assertThat(logs).isNotEmpty();
            assertThat(CollectorFile.logBodies(directory))
                    .hasSizeGreaterThanOrEqualTo(logs.size())
                    .containsAll(logs.stream()
                            .map(log -> log.getBody().getStringValue())
                            .toList());
        }
    }

    private static void assertSpans(RecordingReceiver recorder, PeerProcess jaeger) {
        Map<String, List<JaegerSpan>> sent = new TreeMap<>();
        recorder.requests().stream()
                .filter(ExportTraceServiceRequest.class::isInstance)
                .flatMap(request -> ((ExportTraceServiceRequest) request).getResourceSpansList().stream())
                .forEach(resource -> resource.getScopeSpansList()
                        .forEach(scope -> scope.getSpansList().forEach(span -> {
                            JaegerSpan known = JaegerSpan.sent(resource.getResource(), scope.getScope(), span);
                            sent.computeIfAbsent(known.traceId(), id -> new ArrayList<>())
                                    .add(known);
                        })));
        assertThat(sent).isNotEmpty();
        sent.forEach((id, spans) -> await().untilAsserted(() -> assertThat(known(JaegerSpan.arrived(
                        Http.getJson(jaeger.url("query") + "/api/traces/" + id).at("/data/0"))))
                .containsExactlyInAnyOrderElementsOf(known(spans))));
    }

    /** Ids, names, service and times; what else a span says is compared by {@link JaegerIT}, of values that Jaeger can tell. */
    private static List<String> known(List<JaegerSpan> spans) {
        return spans.stream()
                .map(span -> String.join(
                        " ",
                        span.spanId(),
                        span.parentId(),
                        span.name(),
                        span.service(),
                        Long.toString(span.startMicros())))
                .toList();
    }

    /** Sums and gauges with one data point: the value that Prometheus answers with is the one sent. */
    private static void assertMetrics(List<Metric> metrics, PeerProcess prometheus) {
        Map<String, HashSet<Double>> values = new TreeMap<>();
        for (Metric metric : metrics) {
            List<NumberDataPoint> points = metric.hasSum()
                    ? metric.getSum().getDataPointsList()
                    : metric.getGauge().getDataPointsList();
            for (NumberDataPoint point : points) {
                values.computeIfAbsent(metric.getName().replace('.', '_'), name -> new HashSet<>())
                        .add(point.hasAsInt() ? point.getAsInt() : point.getAsDouble());
            }
        }
        assertThat(values).isNotEmpty();
        values.forEach((name, known) -> {
            String query = URLEncoder.encode("{__name__=~\"" + name + "(_.*)?\"}", StandardCharsets.UTF_8);
            await().untilAsserted(() -> {
                JsonNode result = Http.getJson(prometheus.url("http") + "/api/v1/query?query=" + query)
                        .at("/data/result");
                assertThat(result).as(name).isNotEmpty();
                assertThat(result)
                        .as(name)
                        .allSatisfy(series ->
                                assertThat(known).contains(series.at("/value/1").asDouble()));
            });
        });
    }

    private static void java(WeirProcess weir, String protocol) {
        if (protocol.equals("grpc")) {
            SdkIT.sendSpans(
                    OtlpGrpcSpanExporter.builder().setEndpoint(weir.grpcUrl()).build());
            SdkIT.sendMetrics(
                    OtlpGrpcMetricExporter.builder().setEndpoint(weir.grpcUrl()).build());
            SdkIT.sendLogs(OtlpGrpcLogRecordExporter.builder()
                    .setEndpoint(weir.grpcUrl())
                    .build());
        } else {
            String url = weir.httpUrl() + "/v1/";
            SdkIT.sendSpans(
                    OtlpHttpSpanExporter.builder().setEndpoint(url + "traces").build());
            SdkIT.sendMetrics(OtlpHttpMetricExporter.builder()
                    .setEndpoint(url + "metrics")
                    .build());
            SdkIT.sendLogs(OtlpHttpLogRecordExporter.builder()
                    .setEndpoint(url + "logs")
                    .build());
        }
    }

    private void python(WeirProcess weir, String protocol) {
        String script =
                Path.of("load-tests/peers/python/send.py").toAbsolutePath().toString();
        String url = protocol.equals("grpc") ? weir.grpcUrl() : weir.httpUrl();
        Commands.run(directory, List.of(Peers.python(), script, protocol, url, Integer.toString(COUNT)));
    }

    private void telemetrygen(WeirProcess weir, String protocol) {
        for (String signal : List.of("traces", "metrics", "logs")) {
            List<String> command = new ArrayList<>(List.of(
                    Peers.program("telemetrygen"),
                    signal,
                    "--otlp-insecure",
                    "--otlp-endpoint=127.0.0.1:" + (protocol.equals("http") ? weir.httpPort() : weir.grpcPort()),
                    "--rate=0",
                    String.format(Locale.ROOT, "--%s=%d", signal, COUNT)));
            if (protocol.equals("http")) {
                command.add("--otlp-http");
            }
            Commands.run(directory, command);
        }
    }
}
