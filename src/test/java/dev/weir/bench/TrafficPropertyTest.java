package dev.weir.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.bench.Load.Kind;
import dev.weir.bench.Load.Protocol;
import dev.weir.pipeline.Signal;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests read back with generated protobuf; what the sink counts is what was sent, and no loss goes unseen. */
class TrafficPropertyTest {

    private static final int REQUESTS = 20;

    @ParameterizedTest
    @CsvSource({"5, false", "100, false", "512, false", "5, true", "100, true"})
    void shouldMakeWholeTracesOfTenSpansOfNewIds(int items, boolean scattered) throws InvalidProtocolBufferException {
        Traffic traffic = new Traffic(load(Kind.SDK_SPANS, items, scattered), new Ids(7), 123);
        Map<Object, List<Span>> traces = new HashMap<>();
        Set<Object> ids = new HashSet<>();
        for (int i = 0; i < REQUESTS; i++) {
            for (Span span : spans(traffic.next(0))) {
                traces.computeIfAbsent(span.getTraceId(), id -> new ArrayList<>())
                        .add(span);
                ids.add(span.getSpanId());
            }
        }

        assertThat(ids).hasSize(REQUESTS * items);
        assertThat(traces).hasSize(traffic.traces());
        assertThat(traces.values()).allSatisfy(trace -> {
            assertThat(trace).hasSize(Traffic.ITEMS_A_TRACE);
            assertThat(trace)
                    .filteredOn(span -> span.getParentSpanId().isEmpty())
                    .hasSize(1);
            assertThat(trace)
                    .allSatisfy(span -> assertThat(span.getEndTimeUnixNano() - span.getStartTimeUnixNano())
                            .isEqualTo(5_000_000));
        });
    }

    @Test
    void shouldHaveARootInEachScatteredTrace() throws InvalidProtocolBufferException {
        Traffic traffic = new Traffic(load(Kind.SDK_SPANS, 100, true), new Ids(7), 0);

        assertThat(spans(traffic.next(0)))
                .allMatch(span -> span.getParentSpanId().isEmpty());
        for (int i = 1; i < Traffic.ITEMS_A_TRACE; i++) {
            assertThat(spans(traffic.next(0)))
                    .noneMatch(span -> span.getParentSpanId().isEmpty());
        }
    }

    @Test
    void shouldSendSpansOfTheSizesThatTheTablesName() {
        assertThat(Template.sdkSpans("service", 512, item -> false).bytes().length / 512)
                .isBetween(400, 420);
        assertThat(Template.envoySpans(512, item -> false).bytes().length / 512).isBetween(900, 960);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void shouldCountAndHashWhatWasSentInAnyOrder(Kind kind) throws InvalidProtocolBufferException {
        // Given
        Traffic traffic = new Traffic(load(kind, 100, false), new Ids(11), 0);
        List<byte[]> messages = messages(traffic);
        Collections.shuffle(messages, new Random(5));

        // When
        Tally tally = new Tally();
        tally.begin(traffic, kind != Kind.METRICS, 0, 1);
        messages.forEach(message -> tally.arrived(traffic.signal(), message, 0, message.length));

        // Then
        assertThat(messages)
                .allSatisfy(message ->
                        assertThat(itemsOf(traffic.signal(), message)).isEqualTo(100));
        assertThat(tally.items(traffic.signal())).isEqualTo(traffic.items()).isEqualTo(REQUESTS * 100L);
        assertThat(tally.hash()).isEqualTo(traffic.hash());
        assertThat(tally.strangers()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"100, false", "100, true"})
    void shouldSeeALostADoubledAndAChangedSpan(int items, boolean scattered) throws InvalidProtocolBufferException {
        Random random = new Random(3);
        Traffic traffic = new Traffic(load(Kind.SDK_SPANS, items, scattered), new Ids(13), 0);
        List<byte[]> messages = messages(traffic);
        for (int i = 0; i < 20; i++) {
            int which = random.nextInt(messages.size());
            ExportTraceServiceRequest.Builder changed =
                    ExportTraceServiceRequest.parseFrom(messages.get(which)).toBuilder();
            var spans = changed.getResourceSpansBuilder(0).getScopeSpansBuilder(0);
            int span = random.nextInt(items);
            switch (i % 3) {
                case 0 -> spans.removeSpans(span);
                case 1 -> spans.setSpans(span, spans.getSpans((span + 1) % items)); // the count stays the same
                default ->
                    spans.getSpansBuilder(span)
                            .setTraceId(spans.getSpans((span + 11) % items).getTraceId());
            }
            List<byte[]> arrived = new ArrayList<>(messages);
            arrived.set(which, changed.build().toByteArray());
            Tally tally = new Tally();
            tally.begin(traffic, true, 0, 1);
            arrived.forEach(message -> tally.arrived(Signal.TRACES, message, 0, message.length));

            assertThat(tally.hash()).as("change %d", i).isNotEqualTo(traffic.hash());
        }
    }

    @ParameterizedTest
    @CsvSource({"512, false", "100, true", "5, true"})
    void shouldKnowTheHashOfTheTracesThatWereKept(int items, boolean scattered) throws InvalidProtocolBufferException {
        // Given a sampler that keeps whole traces
        Traffic traffic = new Traffic(load(Kind.SDK_SPANS, items, scattered), new Ids(17), 999);
        Tally tally = new Tally();
        List<byte[]> messages = messages(traffic);
        tally.begin(traffic, true, 0, 1);
        long kept = 0;
        for (byte[] message : messages) {
            ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.parseFrom(message).toBuilder();
            var scope = request.getResourceSpansBuilder(0).getScopeSpansBuilder(0);
            List<Span> rest = scope.getSpansList().stream()
                    .filter(span -> span.getTraceId().byteAt(5) % 3 == 0)
                    .toList();
            kept += rest.size();
            byte[] sampled = request.clone()
                    .setResourceSpans(
                            0,
                            request.getResourceSpansBuilder(0)
                                    .clone()
                                    .setScopeSpans(0, scope.clone().clearSpans().addAllSpans(rest)))
                    .build()
                    .toByteArray();
            tally.arrived(Signal.TRACES, sampled, 0, sampled.length);
        }

        // Then
        long[] count = new long[1];
        long hash = tally.traces().stream()
                .mapToLong(trace -> traffic.hashOfTrace(trace, count))
                .sum();
        assertThat(kept).isPositive().isLessThan(traffic.items());
        assertThat(count[0]).isEqualTo(kept);
        assertThat(hash).isEqualTo(tally.hash());
    }

    @Test
    void shouldTellSpansOfAnotherBlock() throws InvalidProtocolBufferException {
        Ids ids = new Ids(19);
        Traffic earlier = new Traffic(load(Kind.SDK_SPANS, 100, false), ids, 0);
        List<byte[]> late = messages(earlier);
        Traffic now = new Traffic(load(Kind.SDK_SPANS, 100, false), ids, earlier.end());
        messages(now);
        Tally tally = new Tally();
        tally.begin(now, true, 0, 1);

        tally.arrived(Signal.TRACES, late.getFirst(), 0, late.getFirst().length);

        assertThat(tally.strangers()).isEqualTo(100);
    }

    private static Load load(Kind kind, int items, boolean scattered) {
        return new Load(kind, items, scattered, Protocol.GRPC, false, 1);
    }

    private static List<byte[]> messages(Traffic traffic) {
        List<byte[]> messages = new ArrayList<>();
        for (int i = 0; i < REQUESTS; i++) {
            Request request = traffic.next(0);
            assertThat(ByteBuffer.wrap(request.bytes).getInt(1)).isEqualTo(request.length - Request.PREFIX);
            messages.add(java.util.Arrays.copyOfRange(request.bytes, Request.PREFIX, request.length));
        }
        return messages;
    }

    private static List<Span> spans(Request request) throws InvalidProtocolBufferException {
        return ExportTraceServiceRequest.parseFrom(
                        java.util.Arrays.copyOfRange(request.bytes, Request.PREFIX, request.length))
                .getResourceSpans(0)
                .getScopeSpans(0)
                .getSpansList();
    }

    private static int itemsOf(Signal signal, byte[] message) throws InvalidProtocolBufferException {
        return switch (signal) {
            case TRACES ->
                ExportTraceServiceRequest.parseFrom(message)
                        .getResourceSpans(0)
                        .getScopeSpans(0)
                        .getSpansCount();
            case LOGS ->
                ExportLogsServiceRequest.parseFrom(message)
                        .getResourceLogs(0)
                        .getScopeLogs(0)
                        .getLogRecordsCount();
            case METRICS ->
                ExportMetricsServiceRequest.parseFrom(message)
                        .getResourceMetrics(0)
                        .getScopeMetrics(0)
                        .getMetricsList()
                        .stream()
                        .mapToInt(metric -> metric.getSum().getDataPointsCount())
                        .sum();
        };
    }
}
