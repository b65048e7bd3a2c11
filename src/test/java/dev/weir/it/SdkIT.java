package dev.weir.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Message;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Scope;
import io.opentelemetry.exporter.otlp.http.logs.OtlpHttpLogRecordExporter;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.logs.OtlpGrpcLogRecordExporter;
import io.opentelemetry.exporter.otlp.metrics.OtlpGrpcMetricExporter;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import io.opentelemetry.sdk.logs.export.SimpleLogRecordProcessor;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * OpenTelemetry's Java SDK sends the same spans, metrics and log records twice: straight to one receiver, and through Weir to
 * another. Both must end up with exactly the same, field by field. Its exporters have no JSON, so that is posted by hand.
 */
class SdkIT {

    private static final Resource RESOURCE = Resource.getDefault().toBuilder()
            .put("service.name", "java-sdk")
            .put(AttributeKey.longArrayKey("numbers"), List.of(1L, 2L, 3L))
            .build();

    @TempDir
    Path directory;

    private final RecordingReceiver direct = new RecordingReceiver();
    private final RecordingReceiver behindWeir = new RecordingReceiver();
    private WeirProcess weir;

    @BeforeEach
    void start() {
        weir = WeirProcess.start(directory, behindWeir.asDestination());
    }

    @AfterEach
    void stop() {
        weir.close();
        direct.close();
        behindWeir.close();
    }

    @Test
    void shouldDeliverWhatTheSdkSendsOverGrpc() {
        sendAll(
                OtlpGrpcSpanExporter.builder().setEndpoint(weir.grpcUrl()).build(),
                OtlpGrpcMetricExporter.builder().setEndpoint(weir.grpcUrl()).build(),
                OtlpGrpcLogRecordExporter.builder()
                        .setEndpoint(weir.grpcUrl())
                        .setCompression("gzip")
                        .build());

        assertSameAtBothEnds();
    }

    @Test
    void shouldDeliverWhatTheSdkSendsOverHttp() {
        sendAll(
                OtlpHttpSpanExporter.builder()
                        .setEndpoint(weir.httpUrl() + "/v1/traces")
                        .build(),
                OtlpHttpMetricExporter.builder()
                        .setEndpoint(weir.httpUrl() + "/v1/metrics")
                        .build(),
                OtlpHttpLogRecordExporter.builder()
                        .setEndpoint(weir.httpUrl() + "/v1/logs")
                        .setCompression("gzip")
                        .build());

        assertSameAtBothEnds();
    }

    @Test
    void shouldDeliverWhatIsPostedAsJson() {
        Message traces = Samples.spans("json", 20);
        Message metrics = Samples.metrics("json", 7, 0.1, List.of(1L, 0L, 2L));
        Message logs = Samples.logs("json", 20);

        postJson("traces", traces);
        postJson("metrics", metrics);
        postJson("logs", logs);

        Items sent = Items.of(traces, metrics, logs);
        await().untilAsserted(() -> assertThat(behindWeir.itemCount()).isEqualTo(sent.count()));
        assertThat(sent.difference(behindWeir.items())).isEmpty();
        weir.awaitBalancedLedger();
    }

    private void postJson(String signal, Message request) {
        var response = Http.post(weir.httpUrl() + "/v1/" + signal, "application/json", OtlpJson.of(request));
        assertThat(response.statusCode()).as(signal).isEqualTo(200);
    }

    private void sendAll(SpanExporter spans, MetricExporter metrics, LogRecordExporter logs) {
        String url = "http://127.0.0.1:" + direct.port();
        sendSpans(SpanExporter.composite(
                spans, OtlpGrpcSpanExporter.builder().setEndpoint(url).build()));
        sendMetrics(new BothMetricExporters(
                metrics, OtlpGrpcMetricExporter.builder().setEndpoint(url).build()));
        sendLogs(LogRecordExporter.composite(
                logs, OtlpGrpcLogRecordExporter.builder().setEndpoint(url).build()));
    }

    static void sendSpans(SpanExporter exporter) {
        try (SdkTracerProvider provider = SdkTracerProvider.builder()
                .setResource(RESOURCE)
                .addSpanProcessor(SimpleSpanProcessor.create(exporter))
                .build()) {
            var tracer = provider.tracerBuilder("weir.it")
                    .setInstrumentationVersion("2")
                    .setSchemaUrl("https://opentelemetry.io/schemas/1.37.0")
                    .build();
            for (int i = 0; i < 20; i++) {
                Span parent = tracer.spanBuilder("parent " + i)
                        .setSpanKind(SpanKind.SERVER)
                        .setAttribute("index", i)
                        .startSpan();
                try (Scope inParent = parent.makeCurrent()) {
                    tracer.spanBuilder("child " + i)
                            .addLink(parent.getSpanContext(), Attributes.of(AttributeKey.booleanKey("link"), true))
                            .startSpan()
                            .addEvent("event", Attributes.of(AttributeKey.doubleKey("half"), 0.5))
                            .setStatus(StatusCode.ERROR, "broken")
                            .end();
                }
                parent.end();
            }
            assertThat(provider.forceFlush().join(10, TimeUnit.SECONDS).isSuccess())
                    .isTrue();
        }
    }

    static void sendMetrics(MetricExporter exporter) {
        try (SdkMeterProvider provider = SdkMeterProvider.builder()
                .setResource(RESOURCE)
                .registerMetricReader(PeriodicMetricReader.builder(exporter)
                        .setInterval(Duration.ofHours(1))
                        .build())
                .build()) {
            var meter = provider.get("weir.it");
            meter.counterBuilder("sent")
                    .setUnit("{span}")
                    .build()
                    .add(5, Attributes.of(AttributeKey.stringKey("a"), "b"));
            meter.gaugeBuilder("level").build().set(-0.0);
            meter.histogramBuilder("duration").setUnit("s").build().record(0.3);
            meter.upDownCounterBuilder("open").build().add(-3);
            assertThat(provider.forceFlush().join(10, TimeUnit.SECONDS).isSuccess())
                    .isTrue();
        }
    }

    static void sendLogs(LogRecordExporter exporter) {
        try (SdkLoggerProvider provider = SdkLoggerProvider.builder()
                .setResource(RESOURCE)
                .addLogRecordProcessor(SimpleLogRecordProcessor.create(exporter))
                .build()) {
            for (int i = 0; i < 20; i++) {
                provider.get("weir.it")
                        .logRecordBuilder()
                        .setSeverity(Severity.WARN)
                        .setBody("log " + i)
                        .setAttribute(AttributeKey.longKey("index"), (long) i)
                        .emit();
            }
            assertThat(provider.forceFlush().join(10, TimeUnit.SECONDS).isSuccess())
                    .isTrue();
        }
    }

    private void assertSameAtBothEnds() {
        int spans = 2 * 20;
        assertThat(direct.items().of(io.opentelemetry.proto.trace.v1.Span.class))
                .hasSize(spans);
        await().untilAsserted(() -> assertThat(behindWeir.itemCount()).isEqualTo(direct.itemCount()));
        assertThat(direct.items().difference(behindWeir.items())).isEmpty();
        weir.awaitBalancedLedger();
    }

    /** Gives one collection to both. */
    private record BothMetricExporters(MetricExporter first, MetricExporter second) implements MetricExporter {
        @Override
        public CompletableResultCode export(Collection<MetricData> metrics) {
            return CompletableResultCode.ofAll(List.of(first.export(metrics), second.export(metrics)));
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofAll(List.of(first.flush(), second.flush()));
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofAll(List.of(first.shutdown(), second.shutdown()));
        }

        @Override
        public AggregationTemporality getAggregationTemporality(InstrumentType type) {
            return first.getAggregationTemporality(type);
        }
    }
}
