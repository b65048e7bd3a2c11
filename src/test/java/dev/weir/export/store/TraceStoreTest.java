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

import com.google.protobuf.ByteString;
import dev.weir.pipeline.Ledger;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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
