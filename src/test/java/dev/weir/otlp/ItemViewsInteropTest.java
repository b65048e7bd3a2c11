package dev.weir.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Events, links, log records and metrics are what generated protobuf reads, in whatever order and length they stand. */
class ItemViewsInteropTest {

    private final AttributeView attributes = new AttributeView();

    @Test
    void shouldReadEventsAndLinks() {
        TraceView spans = new TraceView();
        forManyRequests(RequestType.TRACES, bytes -> {
            spans.reset(bytes);
            ((ExportTraceServiceRequest) GeneratedRequests.parse(RequestType.TRACES, bytes))
                    .getResourceSpansList().stream()
                            .flatMap(r -> r.getScopeSpansList().stream())
                            .flatMap(s -> s.getSpansList().stream())
                            .forEach(span -> {
                                assertThat(spans.next()).isTrue();
                                shouldReadEvents(spans, span);
                                shouldReadLinks(spans, span);
                            });
        });
    }

    private void shouldReadEvents(TraceView span, Span expected) {
        EventView event = new EventView().reset(span);
        for (Span.Event each : expected.getEventsList()) {
            assertThat(event.next()).isTrue();
            assertThat(event.name()).isEqualTo(each.getName());
            assertThat(event.timeNanos()).isEqualTo(each.getTimeUnixNano());
            shouldReadKeys(
                    span.bytes(),
                    event.eventStart(),
                    event.eventEnd(),
                    AttributeView.OF_EVENT,
                    each.getAttributesList());
        }
        assertThat(event.next()).isFalse();
    }

    private void shouldReadLinks(TraceView span, Span expected) {
        LinkView link = new LinkView().reset(span);
        for (Span.Link each : expected.getLinksList()) {
            assertThat(link.next()).isTrue();
            assertThat(link.traceIdHigh()).isEqualTo(word(each.getTraceId(), 0));
            assertThat(link.traceIdLow()).isEqualTo(word(each.getTraceId(), 8));
            assertThat(link.spanId()).isEqualTo(word(each.getSpanId(), 0));
            shouldReadKeys(
                    span.bytes(), link.linkStart(), link.linkEnd(), AttributeView.OF_LINK, each.getAttributesList());
        }
        assertThat(link.next()).isFalse();
    }

    @Test
    void shouldReadLogRecords() {
        LogView view = new LogView();
        forManyRequests(RequestType.LOGS, bytes -> {
            view.reset(bytes);
            for (ResourceLogs resource : ((ExportLogsServiceRequest) GeneratedRequests.parse(RequestType.LOGS, bytes))
                    .getResourceLogsList()) {
                resource.getScopeLogsList().stream()
                        .flatMap(s -> s.getLogRecordsList().stream())
                        .forEach(log -> shouldRead(view, resource.getResource(), log));
            }
            assertThat(view.next()).isFalse();
        });
    }

    private void shouldRead(LogView view, Resource resource, LogRecord log) {
        assertThat(view.next()).isTrue();
        assertThat(view.traceIdHigh()).isEqualTo(word(log.getTraceId(), 0));
        assertThat(view.traceIdLow()).isEqualTo(word(log.getTraceId(), 8));
        assertThat(view.spanId()).isEqualTo(word(log.getSpanId(), 0));
        assertThat(view.timeNanos()).isEqualTo(log.getTimeUnixNano());
        assertThat(view.severityNumber()).isEqualTo(log.getSeverityNumberValue());
        shouldReadKeys(
                view.bytes(),
                view.recordStart(),
                view.recordEnd(),
                AttributeView.OF_LOG_RECORD,
                log.getAttributesList());
        shouldReadKeys(
                view.bytes(),
                view.resourceStart(),
                view.resourceEnd(),
                AttributeView.OF_RESOURCE,
                resource.getAttributesList());
    }

    @Test
    void shouldReadMetricsAndCountTheirPoints() throws Exception {
        MetricView view = new MetricView();
        RequestScanner scanner = new RequestScanner();
        forManyRequests(RequestType.METRICS, bytes -> {
            view.reset(bytes);
            int points = 0;
            for (ResourceMetrics resource : ((ExportMetricsServiceRequest)
                            GeneratedRequests.parse(RequestType.METRICS, bytes))
                    .getResourceMetricsList()) {
                for (Metric metric : resource.getScopeMetricsList().stream()
                        .flatMap(s -> s.getMetricsList().stream())
                        .toList()) {
                    assertThat(view.next()).isTrue();
                    assertThat(view.name()).isEqualTo(metric.getName());
                    assertThat(view.dataPoints()).isEqualTo(GeneratedRequests.points(metric));
                    shouldReadKeys(
                            bytes,
                            view.resourceStart(),
                            view.resourceEnd(),
                            AttributeView.OF_RESOURCE,
                            resource.getResource().getAttributesList());
                    points += view.dataPoints();
                }
            }
            assertThat(view.next()).isFalse();
            try {
                assertThat(scanner.scan(RequestType.METRICS, bytes)).isEqualTo(points);
            } catch (OtlpFormatException e) {
                throw new AssertionError(e);
            }
        });
    }

    private static void forManyRequests(RequestType type, Consumer<byte[]> test) {
        for (int seed = 0; seed < 100; seed++) {
            Message request = new GeneratedRequests(seed).request(type);
            byte[] bytes = request.toByteArray();
            test.accept(bytes);
            test.accept(GeneratedRequests.reversed(bytes, request.getDescriptorForType()));
            test.accept(RequestMutator.lengthened(bytes, request.getDescriptorForType(), new Random(seed)));
        }
    }

    private void shouldReadKeys(byte[] bytes, int from, int to, int field, List<KeyValue> expected) {
        attributes.reset(bytes, from, to, field);
        for (KeyValue attribute : expected) {
            assertThat(attributes.next()).isTrue();
            assertThat(attributes.key()).isEqualTo(attribute.getKey());
        }
        assertThat(attributes.next()).isFalse();
    }

    private static long word(ByteString id, int at) {
        return id.isEmpty() ? 0 : id.asReadOnlyByteBuffer().getLong(at);
    }
}
