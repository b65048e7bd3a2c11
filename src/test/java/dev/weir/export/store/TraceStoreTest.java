package dev.weir.export.store;

import static dev.weir.export.store.Traces.attribute;
import static dev.weir.export.store.Traces.hex;
import static dev.weir.export.store.Traces.number;
import static dev.weir.export.store.Traces.of;
import static dev.weir.export.store.Traces.request;
import static dev.weir.export.store.Traces.send;
import static dev.weir.export.store.Traces.span;
import static dev.weir.export.store.Traces.status;
import static dev.weir.export.store.Traces.string;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.weir.pipeline.Ledger;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class TraceStoreTest {

    private final Ledger ledger = new Ledger();
    private final TraceStore store = Traces.store(1 << 20, ledger);

    @Test
    void shouldReturnATraceWithEveryFieldOfItsSpans() throws Exception {
        // Given
        ExportTraceServiceRequest sent = request(of(
                "shop",
                span(1, 1, "GET /")
                        .setKind(Span.SpanKind.SPAN_KIND_SERVER)
                        .setTraceState("a=b")
                        .addAttributes(string("k", "v"))
                        .addEvents(Span.Event.newBuilder().setName("event"))
                        .addLinks(Span.Link.newBuilder().setTraceState("c=d"))
                        .setDroppedLinksCount(3)
                        .build()));

        // When
        send(store, sent);

        // Then
        assertThat(ExportTraceServiceRequest.parseFrom(store.trace(hex(1)).orElseThrow()))
                .isEqualTo(sent);
    }

    @Test
    void shouldGroupATracesSpansByResourceAndScopeAcrossBatches() throws Exception {
        // Given
        Span first = span(1, 1, "a").build();
        Span second = span(1, 2, "b").build();
        Span third = span(1, 3, "c").build();

        // When
        send(store, request(of("shop", first, span(2, 9, "other").build()), of("pay", second)));
        send(store, request(of("shop", third)));

        // Then
        assertThat(ExportTraceServiceRequest.parseFrom(store.trace(hex(1)).orElseThrow()))
                .isEqualTo(request(of("shop", first, third), of("pay", second)));
    }

    @Test
    void shouldSummarizeATrace() {
        // Given
        Span root = span(1, 1, "root")
                .setEndTimeUnixNano(1_700_000_004L * Traces.SECOND)
                .build();
        Span child = span(1, 2, "child")
                .setParentSpanId(root.getSpanId())
                .setStatus(status(Query.Status.ERROR))
                .build();

        // When
        send(store, request(of("pay", child)));
        send(store, request(of("shop", root)));
        send(store, request(of("shop", root))); // a retry's copy

        // Then
        assertThat(store.search(Query.all()))
                .containsExactly(new TraceSummary(
                        hex(1),
                        "root",
                        "shop",
                        Instant.ofEpochSecond(1_700_000_001L),
                        Duration.ofSeconds(3),
                        2,
                        1,
                        List.of("pay", "shop"),
                        false));
        assertThat(store.services()).containsExactly("pay", "shop");
    }

    @Test
    void shouldFindAttributesByTheirTextOnSpanOrResource() {
        // Given
        send(
                store,
                request(of(
                        "shop",
                        span(1, 1, "a")
                                .addAttributes(number("code", -503))
                                .addAttributes(attribute(
                                        "flag",
                                        AnyValue.newBuilder().setBoolValue(true).build()))
                                .addAttributes(attribute(
                                        "ratio",
                                        AnyValue.newBuilder()
                                                .setDoubleValue(0.25)
                                                .build()))
                                .addAttributes(attribute(
                                        "lowest",
                                        AnyValue.newBuilder()
                                                .setIntValue(Long.MIN_VALUE)
                                                .build()))
                                .addAttributes(attribute(
                                        "raw",
                                        AnyValue.newBuilder()
                                                .setBytesValue(ByteString.copyFromUtf8("x"))
                                                .build()))
                                .build())));

        // Then
        assertThat(found("code", "-503")).isTrue();
        assertThat(found("flag", "true")).isTrue();
        assertThat(found("ratio", "0.25")).isTrue();
        assertThat(found("lowest", "-9223372036854775808")).isTrue();
        assertThat(found("host", "host-of-shop")).isTrue();
        assertThat(found("host", "host-of-pay")).isFalse();
        assertThat(found("raw", "x")).isFalse();
        assertThat(found("code", "503")).isFalse();
    }

    @Test
    void shouldTellOneServiceOfAResourceThatNamesItMoreThanOnce() {
        // Given
        ResourceSpans.Builder twice = of("first", span(1, 1, "a").build()).toBuilder();
        twice.getResourceBuilder()
                .addAttributes(number("service.name", 7))
                .addAttributes(attribute(
                        "service.name",
                        AnyValue.newBuilder()
                                .setBytesValue(ByteString.copyFromUtf8("x"))
                                .build()));

        // When
        send(store, request(twice.build(), of("shop", span(1, 2, "b").build())));

        // Then: the last with a text
        assertThat(store.services()).containsExactly("7", "shop");
        assertThat(store.search(new Query("7", "a", null, null, List.of(), 5)))
                .singleElement()
                .satisfies(summary -> {
                    assertThat(summary.rootService()).isEqualTo("7");
                    assertThat(summary.services()).containsExactly("7", "shop");
                });
        assertThat(store.search(new Query("first", null, null, null, List.of(), 5)))
                .isEmpty();
        assertThat(found("service.name", "first")).isTrue();
    }

    @Test
    void shouldWantAllConditionsOfOneSpan() {
        // Given
        send(
                store,
                request(
                        of("shop", span(1, 1, "a").build()),
                        of(
                                "pay",
                                span(1, 2, "b")
                                        .setStatus(status(Query.Status.ERROR))
                                        .build())));

        // Then
        assertThat(store.search(new Query("pay", null, null, Query.Status.ERROR, List.of(), 5)))
                .hasSize(1);
        assertThat(store.search(new Query("shop", null, null, Query.Status.ERROR, List.of(), 5)))
                .isEmpty();
        assertThat(store.search(new Query("shop", "b", null, null, List.of(), 5)))
                .isEmpty();
    }

    @Test
    void shouldForgetTheOldestTraceFirstAndItsServiceWithIt() {
        // Given
        TraceStore small = Traces.store(100_000, ledger);
        send(small, request(of("first", span(1, 1, "a").build())));

        // When
        long next = 2;
        while (small.evictedTraces() == 0 && next < 10_000) {
            send(small, request(of("shop", span(next, next, "a").build())));
            next++;
        }

        // Then
        long evicted = small.evictedTraces();
        assertThat(evicted).as("a small part at a time").isBetween(1L, next / 16);
        for (long trace = 1; trace < next; trace++) {
            assertThat(small.trace(hex(trace)).isPresent())
                    .as("trace %d", trace)
                    .isEqualTo(trace > evicted);
        }
        assertThat(small.traces()).isEqualTo(next - 1 - evicted);
        assertThat(small.services()).containsExactly("shop");
        assertThat(small.search(new Query("first", null, null, null, List.of(), 5)))
                .isEmpty();
    }

    @Test
    void shouldStayWithinItsBytesWhateverComes() {
        // Given
        TraceStore small = Traces.store(256 << 10, ledger);
        String text = "x".repeat(20_000);

        for (int i = 1; i <= 4_000; i++) {
            // When: new resources, new terms, one endless trace, and spans of a size in between
            send(
                    small,
                    request(
                            of(
                                    "service-" + i,
                                    span(i, i, "name-" + i)
                                            .addAttributes(number("n", i))
                                            .build()),
                            of(
                                    "shop",
                                    span(7, i, "endless")
                                            .addAttributes(number("m", i))
                                            .build()),
                            of(
                                    "shop",
                                    span(i, i, "large")
                                            .addAttributes(string("text", i % 20 == 0 ? text : ""))
                                            .build())));

            // Then
            assertThat(small.bytes()).isBetween(1L, small.maxBytes());
        }
        assertThat(small.evictedTraces()).isPositive();
        assertThat(small.search(new Query("service-4000", null, null, null, List.of(), 5)))
                .hasSize(1);
    }

    @Test
    void shouldReturnALongSpanAsItCame() throws Exception {
        // Given more than a chunk of bytes, of which no two parts are equal
        String text = IntStream.range(0, 20_000).mapToObj(Integer::toString).collect(Collectors.joining());
        ExportTraceServiceRequest sent = request(of("shop", span(1, 1, text).build()));

        // When
        send(store, request(of("shop", span(2, 2, "a").build())));
        send(store, sent);
        send(store, request(of("shop", span(3, 3, "b").build())));

        // Then
        assertThat(ExportTraceServiceRequest.parseFrom(store.trace(hex(1)).orElseThrow()))
                .isEqualTo(sent);
    }

    @Test
    void shouldSummarizeTheBeginningOfATraceThatIsTooLargeToRead() {
        // Given
        TraceStore large = Traces.store(16 << 20, ledger);
        String text = "x".repeat(60_000);
        for (int i = 1; i <= 100; i++) {
            send(large, request(of("shop", span(1, i, text).build())));
        }

        // Then
        assertThat(large.search(Query.all())).singleElement().satisfies(summary -> {
            assertThat(summary.truncated()).isTrue();
            assertThat(summary.spanCount()).isEqualTo((4 << 20) / 60_045);
        });
        assertThatThrownBy(() -> large.trace(hex(1)))
                .isInstanceOf(TraceTooLargeException.class)
                .hasMessageContaining(hex(1))
                .hasMessageContaining("more than 4 MiB")
                .hasMessageContaining("weir.store.size");
    }

    @Test
    void shouldKeepNothingOfASpanThatIsLargerThanTheStore() {
        // Given
        TraceStore small = Traces.store(10_000, ledger);

        // When
        send(small, request(of("shop", span(1, 1, "x".repeat(20_000)).build())));

        // Then
        assertThat(small.bytes()).isZero();
        assertThat(small.traces()).isZero();
        assertThat(small.evictedTraces()).isEqualTo(1);
        assertThat(ledger.violations()).isEmpty();
    }

    @Test
    void shouldKeepWhatIsThereWhenASpanLargerThanTheStoreComes() throws Exception {
        // Given
        TraceStore small = Traces.store(100_000, ledger);
        ExportTraceServiceRequest kept = request(of("shop", span(1, 1, "a").build()));
        send(small, kept);

        // When
        send(
                small,
                request(of(
                        "shop",
                        span(2, 2, "b").build(),
                        span(2, 3, "x".repeat(200_000)).build(),
                        span(2, 4, "c").build())));

        // Then
        assertThat(small.evictedTraces()).isEqualTo(1);
        assertThat(ExportTraceServiceRequest.parseFrom(small.trace(hex(1)).orElseThrow()))
                .isEqualTo(kept);
        assertThat(ExportTraceServiceRequest.parseFrom(small.trace(hex(2)).orElseThrow()))
                .isEqualTo(request(
                        of("shop", span(2, 2, "b").build(), span(2, 4, "c").build())));
        assertThat(ledger.violations()).isEmpty();
    }

    @Test
    void shouldMakeRoomForALongSpanThatPushesItsOwnTraceOut() throws Exception {
        // Given a full store, and a trace of which the beginning and the long span have no room together
        TraceStore small = Traces.store(300_000, ledger);
        for (int i = 1; small.evictedTraces() == 0; i++) {
            send(small, request(of("shop", span(i + 10, i, "a").build())));
        }
        Span large = span(1, 3, "x".repeat(250_000)).build();

        // When
        send(
                small,
                request(of(
                        "shop",
                        span(1, 2, "y".repeat(45_000)).build(),
                        large,
                        span(1, 4, "c").build())));

        // Then
        assertThat(small.bytes()).isBetween(250_000L, small.maxBytes());
        assertThat(small.traces()).isEqualTo(1);
        assertThat(ExportTraceServiceRequest.parseFrom(small.trace(hex(1)).orElseThrow()))
                .isEqualTo(request(of("shop", large, span(1, 4, "c").build())));
        assertThat(small.search(new Query("shop", "c", null, null, List.of(), 5)))
                .hasSize(1);
    }

    @Test
    void shouldKeepAsManySmallTracesAfterAnEndlessOneAsBefore() {
        // Given
        TraceStore small = Traces.store(1 << 20, ledger);
        long usual = fill(small, 1);

        // When endless traces of ever new terms have been in many segments
        for (int i = 1; i <= 30_000; i++) {
            Span.Builder endless = span(1_000_000 + i / 10_000, i, "endless");
            for (int n = 0; n < 8; n++) {
                endless.addAttributes(number("n" + n, i));
            }
            send(small, request(of("shop", endless.build())));
        }

        // Then
        fill(small, 2_000_000);
        assertThat(fill(small, 3_000_000)).isGreaterThan(usual * 4 / 5);
    }

    /** Small traces until the store has evicted as many as it keeps; returns how many it keeps. */
    private static long fill(TraceStore store, long first) {
        long before = store.evictedTraces();
        for (long trace = first; trace - first < 20_000; trace++) {
            send(store, request(of("shop", span(trace, trace, "a").build())));
            if (store.evictedTraces() - before > 2 * store.traces()) {
                break;
            }
        }
        return store.traces();
    }

    @Test
    void shouldNotFindWhatIsNotAnId() {
        assertThat(store.trace("")).isEmpty();
        assertThat(store.trace("zz".repeat(16))).isEmpty();
        assertThat(store.trace(hex(1))).isEmpty();
    }

    private boolean found(String key, String value) {
        Query query = new Query(null, null, null, null, List.of(new Query.Attribute(key, value)), 5);
        return !store.search(query).isEmpty();
    }
}
