package dev.weir.enrich;

import static dev.weir.enrich.MeshSpans.envoy;
import static dev.weir.enrich.MeshSpans.resource;
import static dev.weir.enrich.MeshSpans.resourceOf;
import static dev.weir.enrich.MeshSpans.sdk;
import static dev.weir.enrich.MeshSpans.span;
import static dev.weir.enrich.MeshSpans.spanOf;
import static dev.weir.enrich.MeshSpans.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.pipeline.Payload;
import dev.weir.pipeline.Signal;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogram;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Histogram;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.metrics.v1.Summary;
import io.opentelemetry.proto.metrics.v1.SummaryDataPoint;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What no backend is to see. */
class RedactionTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "url.full https://shop/pay?token=abc&id=7 https://shop/pay?token=REDACTED&id=7",
                "url.full https://shop/pay?id=7&TOKEN=abc https://shop/pay?id=7&TOKEN=REDACTED",
                "http.url http://shop/?key=a;b=1&password=x#key=frag http://shop/?key=REDACTED&password=REDACTED#key=frag",
                "url.full https://shop/?a=1;password=pa;ss&id=1 https://shop/?a=1;password=REDACTED&id=1",
                "http.target /pay?signature=s%3D1&code= /pay?signature=REDACTED&code=",
                "http.path /pay?%74oken=abc /pay?%74oken=REDACTED",
                "url.query token=a&tokens=b&xtoken=c&token token=REDACTED&tokens=b&xtoken=c&token",
                "url.query a#b&key=1=2 a#b&key=REDACTED",
                "url.full https://shop/token=abc https://shop/token=abc",
                "http.route /pay?token=abc /pay?token=abc"
            })
    void shouldReplaceQueryValuesAndNothingElse(String key, String before, String after) {
        EnrichFixture fixture = EnrichFixture.of();

        ExportTraceServiceRequest passed = fixture.traces(sdk(resource(key, before), span(key, before, "a", "b")));

        assertThat(spanOf(passed)).containsEntry(key, after).containsEntry("a", "b");
        assertThat(resourceOf(passed)).containsEntry(key, after);
    }

    @Test
    void shouldReplaceQueryValuesInLists() {
        EnrichFixture fixture = EnrichFixture.of();
        AnyValue number = AnyValue.newBuilder().setIntValue(7).build();
        KeyValue referers = KeyValue.newBuilder()
                .setKey("http.request.header.referer")
                .setValue(AnyValue.newBuilder()
                        .setArrayValue(ArrayValue.newBuilder()
                                .addValues(string("https://shop/"))
                                .addValues(string("https://shop/?token=abc"))
                                .addValues(number)
                                .addValues(string("https://shop/?code=" + "x".repeat(300)))))
                .build();

        ExportTraceServiceRequest passed = fixture.traces(sdk(
                resource(), span("a", "b").toBuilder().addAttributes(referers).build()));

        assertThat(passed.getResourceSpans(0).getScopeSpans(0).getSpans(0).getAttributes(1))
                .isEqualTo(referers.toBuilder()
                        .setValue(AnyValue.newBuilder()
                                .setArrayValue(ArrayValue.newBuilder()
                                        .addValues(string("https://shop/"))
                                        .addValues(string("https://shop/?token=REDACTED"))
                                        .addValues(number)
                                        .addValues(string("https://shop/?code=REDACTED"))))
                        .build());
    }

    private static AnyValue string(String text) {
        return AnyValue.newBuilder().setStringValue(text).build();
    }

    @Test
    void shouldLeaveQueriesWhenTurnedOff() {
        EnrichFixture fixture = EnrichFixture.of("redact.query-values", "");
        ExportTraceServiceRequest sent = sdk(resource(), span("url.full", "https://shop/pay?token=abc"));

        assertThat(fixture.traces(sent)).isEqualTo(sent);
    }

    @Test
    void shouldRedactWhatIsMadeOfATag() {
        EnrichFixture fixture = EnrichFixture.of();

        ExportTraceServiceRequest passed =
                fixture.traces(envoy(span("http.url", "https://shop/pay?token=abc", "http.method", "GET")));

        assertThat(spanOf(passed))
                .containsEntry("http.url", "https://shop/pay?token=REDACTED")
                .containsEntry("url.full", "https://shop/pay?token=REDACTED");
    }

    @Test
    void shouldTakeOutATagThatIsReplacedEvenWhenItWasRedacted() {
        EnrichFixture fixture = EnrichFixture.of("mesh.dialect", "semconv-only");

        ExportTraceServiceRequest passed =
                fixture.traces(envoy(span("http.url", "https://shop/pay?token=abc", "http.method", "GET")));

        assertThat(spanOf(passed))
                .containsEntry("url.full", "https://shop/pay?token=REDACTED")
                .doesNotContainKeys("http.url", "http.method");
    }

    @Test
    void shouldRemoveAttributesOfEveryKindOfMessage() throws Exception {
        EnrichFixture fixture = EnrichFixture.of("redact.remove", "user.email,id");

        ExportTraceServiceRequest passed = fixture.traces(
                sdk(resource("user.email", "a@b", "x", "y"), span("user.email", "a@b", "id", "1", "x", "y")));
        assertThat(resourceOf(passed)).containsOnlyKeys("x");
        assertThat(spanOf(passed)).containsOnlyKeys("x");

        Payload logs = fixture.send(
                Signal.LOGS,
                ExportLogsServiceRequest.newBuilder()
                        .addResourceLogs(ResourceLogs.newBuilder()
                                .addScopeLogs(ScopeLogs.newBuilder()
                                        .addLogRecords(LogRecord.newBuilder()
                                                .addAttributes(text("user.email", "a@b"))
                                                .addAttributes(text("mesh.x", "y"))
                                                .addAttributes(text("x", "y")))))
                        .build()
                        .toByteArray());
        assertThat(logs).isNotNull();
        assertThat(MeshSpans.map(ExportLogsServiceRequest.parseFrom(logs.bytes())
                        .getResourceLogs(0)
                        .getScopeLogs(0)
                        .getLogRecords(0)
                        .getAttributesList()))
                .containsOnlyKeys("x");
    }

    @Test
    void shouldRemoveAttributesOfDataPointsOfEveryKind() throws Exception {
        EnrichFixture fixture = EnrichFixture.of("redact.remove", "user.email");
        KeyValue email = text("user.email", "a@b");
        KeyValue claim = text("mesh.client.principal", "forged");
        KeyValue other = text("x", "y");
        ScopeMetrics.Builder metrics = ScopeMetrics.newBuilder()
                .addMetrics(Metric.newBuilder()
                        .setGauge(Gauge.newBuilder()
                                .addDataPoints(NumberDataPoint.newBuilder().addAttributes(other))
                                .addDataPoints(NumberDataPoint.newBuilder()
                                        .addAttributes(email)
                                        .addAttributes(other)
                                        .addAttributes(claim))))
                .addMetrics(Metric.newBuilder()
                        .setHistogram(Histogram.newBuilder()
                                .addDataPoints(HistogramDataPoint.newBuilder()
                                        .addAttributes(email)
                                        .addAttributes(other))
                                .setAggregationTemporalityValue(2)))
                .addMetrics(Metric.newBuilder()
                        .setExponentialHistogram(ExponentialHistogram.newBuilder()
                                .addDataPoints(ExponentialHistogramDataPoint.newBuilder()
                                        .addAttributes(email)
                                        .addAttributes(other))))
                .addMetrics(Metric.newBuilder()
                        .setSummary(Summary.newBuilder()
                                .addDataPoints(SummaryDataPoint.newBuilder()
                                        .addAttributes(email)
                                        .addAttributes(other))));
        ExportMetricsServiceRequest request = ExportMetricsServiceRequest.newBuilder()
                .addResourceMetrics(ResourceMetrics.newBuilder().addScopeMetrics(metrics))
                .build();

        Payload passed = fixture.send(Signal.METRICS, request.toByteArray());

        assertThat(passed).isNotNull();
        ScopeMetrics after = ExportMetricsServiceRequest.parseFrom(passed.bytes())
                .getResourceMetrics(0)
                .getScopeMetrics(0);
        assertThat(after.toString().replaceAll("\\s+", " ")).doesNotContain("user.email", "mesh.client");
        assertThat(after.getMetrics(0).getGauge().getDataPoints(1).getAttributesList())
                .containsExactly(other);
        assertThat(after.getMetrics(1).getHistogram().getDataPoints(0).getAttributesList())
                .containsExactly(other);
        assertThat(after.getMetrics(1).getHistogram().getAggregationTemporalityValue())
                .isEqualTo(2);
        assertThat(after.getMetrics(2)
                        .getExponentialHistogram()
                        .getDataPoints(0)
                        .getAttributesList())
                .containsExactly(other);
        assertThat(after.getMetrics(3).getSummary().getDataPoints(0).getAttributesList())
                .containsExactly(other);
    }

    @Test
    void shouldHashSoThatEqualValuesStayEqual() {
        EnrichFixture fixture = EnrichFixture.of("redact.hash", "user.id");

        String one = spanOf(fixture.traces(sdk(resource("user.id", "7"), span("user.id", "7"))))
                .get("user.id");
        String same = resourceOf(fixture.traces(sdk(resource("user.id", "7"), span("x", "y"))))
                .get("user.id");
        String other =
                spanOf(fixture.traces(sdk(resource(), span("user.id", "8")))).get("user.id");

        assertThat(one).matches("[0-9a-f]{32}").isEqualTo(same).isNotEqualTo(other);
    }

    @Test
    void shouldHashWhatIsNoTextToo() {
        EnrichFixture fixture = EnrichFixture.of("redact.hash", "user.id");
        KeyValue number = KeyValue.newBuilder()
                .setKey("user.id")
                .setValue(AnyValue.newBuilder().setIntValue(7))
                .build();

        ExportTraceServiceRequest passed = fixture.traces(
                sdk(resource(), span().toBuilder().addAttributes(number).build()));

        assertThat(spanOf(passed).get("user.id")).matches("[0-9a-f]{32}");
    }

    @Test
    void shouldMakeNothingOfATagThatIsRemovedOrHashed() {
        EnrichFixture fixture = EnrichFixture.of("redact.remove", "http.url", "redact.hash", "user_agent");

        ExportTraceServiceRequest passed =
                fixture.traces(envoy(span("http.url", "https://shop/a", "user_agent", "curl", "http.method", "GET")));

        assertThat(spanOf(passed))
                .containsEntry("http.request.method", "GET")
                .doesNotContainKeys("http.url", "url.full", "user_agent.original");
        assertThat(spanOf(passed).get("user_agent")).matches("[0-9a-f]{32}");
    }

    @Test
    void shouldTakeOutTheAddressesOfClients() {
        EnrichFixture fixture = EnrichFixture.of("redact.peer-address", "true");

        ExportTraceServiceRequest passed = fixture.traces(
                envoy(span("peer.address", "10.9.8.7:5555", "client.address", "1.2.3.4", "http.method", "GET")));

        assertThat(spanOf(passed))
                .containsKey("http.request.method")
                .doesNotContainKeys("peer.address", "network.peer.address", "network.peer.port", "client.address");
    }

    /** Of two keys in one attribute the last counts, for every reader. */
    @Test
    void shouldNotBeFooledByAKeyThatIsWrittenTwice() throws Exception {
        EnrichFixture fixture = EnrichFixture.of();
        byte[] attribute = join(
                KeyValue.newBuilder().setKey("innocent").build().toByteArray(),
                text("mesh.client.principal", "forged").toByteArray());
        byte[] ids = span().toBuilder().clearName().clearKind().build().toByteArray();
        byte[] request = wrap(0x0a, wrap(0x12, wrap(0x12, join(ids, wrap(0x4a, attribute)))));
        assertThat(spanOf(ExportTraceServiceRequest.parseFrom(request))).containsOnlyKeys("mesh.client.principal");

        Payload passed = fixture.send(Signal.TRACES, request);

        assertThat(passed).isNotNull();
        assertThat(new String(passed.bytes(), StandardCharsets.ISO_8859_1)).doesNotContain("forged");
    }

    private static byte[] wrap(int tag, byte[] body) {
        return join(new byte[] {(byte) tag, (byte) body.length}, body);
    }

    private static byte[] join(byte[] one, byte[] other) {
        byte[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }
}
