package dev.weir.export.store;

import static dev.weir.export.store.Traces.hex;
import static dev.weir.export.store.Traces.number;
import static dev.weir.export.store.Traces.of;
import static dev.weir.export.store.Traces.request;
import static dev.weir.export.store.Traces.send;
import static dev.weir.export.store.Traces.span;
import static dev.weir.export.store.Traces.string;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.pipeline.Ledger;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What makes room for what, and how many bytes a store takes. */
final class TraceStoreEvictionTest {

    private final Ledger ledger = new Ledger();
    private final TraceStore store = Traces.store(1 << 20, ledger);

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
}
