package dev.weir.sample.tail;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EmissionInteropTest {

    private static final long R = 0xa000_0000_0000_00L;
    private static final long T = 0x8000_0000_0000_00L;
    private static final String NO_POLICY = "";

    private final List<ExportTraceServiceRequest> requests = new ArrayList<>();
    private final List<Integer> sizes = new ArrayList<>();

    private final Emission emission = new Emission(1 << 20, this::take);

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                // came with, T, after
                "'', 0, ''",
                "'', 80000000000000, 'ot=th:8'",
                "'', 99990000000000, 'ot=th:9999'",
                "'vendor=1,other=2', 80000000000000, 'ot=th:8,vendor=1,other=2'",
                "'ot=th:4', 0, 'ot=th:4'",
                "'ot=th:4', 80000000000000, 'ot=th:8'",
                "'ot=th:9', 80000000000000, 'ot=th:9'",
                "'ot=th:8', 80000000000000, 'ot=th:8'",
                "'v=1,ot=rv:a0000000000000;th:4;x:y', 80000000000000, 'ot=rv:a0000000000000;x:y;th:8,v=1'",
                // R contradicts it
                "'ot=th:c', 0, ''",
                "'v=1,ot=th:c', 80000000000000, 'v=1'",
                // unknown probability
                "'', -, ''",
                "'ot=th:4,v=1', -, 'v=1'",
                "'v=1', -, 'v=1'",
                // malformed
                "'ot=th:zz', 80000000000000, 'ot=th:zz'",
                "'=', 0, '='",
            })
    void shouldWriteTheThresholdThatIsTrue(String before, String threshold, String after) throws Exception {
        trace(threshold, NO_POLICY);
        Span span = span("a", 10).toBuilder().setTraceState(before).build();

        add("r", "s", span, true);
        emission.flush();

        assertThat(only()).isEqualTo(span.toBuilder().setTraceState(after).build());
        boolean written = after.equals(before) && before.contains("zz");
        assertThat(emission.unwritable()).isEqualTo(written ? 1 : 0);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {"0, ''", "80000000000000, 'ot=th:8'", "-, ''"})
    void shouldNotNeedToReadASpanThatIsKnownToHaveNoTraceState(String threshold, String after) throws Exception {
        trace(threshold, NO_POLICY);
        Span span = span("a", 10);

        add("r", "s", span, false);
        emission.flush();

        assertThat(only()).isEqualTo(span.toBuilder().setTraceState(after).build());
    }

    @Test
    void shouldNameThePolicyOnceWhateverTheSpanSaid() throws Exception {
        trace("80000000000000", "errors");
        Span span = span("a", 10);

        add(
                "r",
                "s",
                span.toBuilder().addAttributes(text("weir.policy", "forged")).build(),
                false);
        emission.flush();

        assertThat(only())
                .isEqualTo(span.toBuilder()
                        .setTraceState("ot=th:8")
                        .addAttributes(text("weir.policy", "errors"))
                        .build());
    }

    @Test
    void shouldNotTakeTheThresholdOfOneTraceForTheNext() throws Exception {
        trace("80000000000000", NO_POLICY);
        add("r", "s", span("a", 1), false);
        trace("90000000000000", NO_POLICY);
        add("r", "s", span("b", 1), false);
        trace("0", NO_POLICY);
        add("r", "s", span("c", 1), false);
        emission.flush();

        assertThat(spans()).extracting(Span::getTraceState).containsExactly("ot=th:8", "ot=th:9", "");
    }

    @Test
    void shouldKeepUnknownFieldsOfSpansAndOfWhatIsAroundThem() throws Exception {
        UnknownFieldSet unknown = UnknownFieldSet.newBuilder()
                .addField(99, UnknownFieldSet.Field.newBuilder().addVarint(7).build())
                .build();
        ResourceSpans resource =
                ResourceSpans.newBuilder().setUnknownFields(unknown).build();
        ScopeSpans scope = ScopeSpans.newBuilder().setUnknownFields(unknown).build();
        Span span = span("a", 10).toBuilder().setUnknownFields(unknown).build();
        trace("80000000000000", NO_POLICY);

        origin(resource, scope);
        add(span, true);
        emission.flush();

        assertThat(requests)
                .containsExactly(ExportTraceServiceRequest.newBuilder()
                        .addResourceSpans(resource.toBuilder()
                                .addScopeSpans(scope.toBuilder()
                                        .addSpans(span.toBuilder().setTraceState("ot=th:8"))))
                        .build());
    }

    @Test
    void shouldGroupSpansOfSeveralTracesByResourceAndScope() {
        trace("0", NO_POLICY);
        add("r", "s", span("a", 1), false);
        add("q", "s", span("b", 1), false);
        trace("0", NO_POLICY);
        add("r", "s", span("c", 1), false);
        emission.flush();

        assertThat(requests.getFirst().getResourceSpansList())
                .extracting(r -> r.getScopeSpans(0).getSpansList().stream()
                        .map(Span::getName)
                        .toList())
                .containsExactly(List.of("a", "c"), List.of("b"));
    }

    @Test
    void shouldBeginANewRequestBeforeTheTargetIsPassed() throws Exception {
        Emission small = new Emission(4_000, this::take);
        small.trace(R, 0, true, null);
        byte[] resource = resource("r").toByteArray();
        byte[] scope = scope("s").toByteArray();
        small.origin(resource, resource.length, scope, scope.length);
        for (int i = 0; i < 100; i++) {
            byte[] body = span("n" + i, i == 50 ? 10_000 : 100).toByteArray();
            small.span(ByteBuffer.wrap(body), 0, body.length, false);
        }
        small.flush();
        small.flush();

        assertThat(spans()).extracting(Span::getName).hasSize(100).doesNotHaveDuplicates();
        assertThat(requests).hasSizeBetween(4, 8);
        assertThat(requests)
                .filteredOn(r -> r.getSerializedSize() > 4_000)
                .singleElement()
                .satisfies(
                        r -> assertThat(r.getResourceSpans(0).getScopeSpans(0).getSpansCount())
                                .isOne());
        assertThat(requests)
                .allSatisfy(r -> assertThat(r.getResourceSpansList())
                        .singleElement()
                        .satisfies(one -> assertThat(one.getResource())
                                .isEqualTo(resource("r").getResource())));
        assertThat(sizes.stream().mapToInt(Integer::intValue).sum()).isEqualTo(100);
    }

    @Test
    void shouldGroupHeldSpansByTheirOriginEvenWhenNumbersAreUsedAgain() {
        trace("0", NO_POLICY);
        Origin first = held(1, "r", "s");
        emission.origin(first);
        add(span("a", 1), false);
        emission.origin(held(2, "q", "s"));
        add(span("b", 1), false);
        emission.origin(first);
        add(span("c", 1), false);
        emission.origin(held(1, "q", "s")); // the first one was freed
        add(span("d", 1), false);
        emission.flush();
        emission.origin(first);
        add(span("e", 1), false);
        emission.flush();

        assertThat(requests)
                .extracting(request -> request.getResourceSpansList().stream()
                        .map(r -> r.getSchemaUrl() + ":"
                                + r.getScopeSpans(0).getSpansList().stream()
                                        .map(Span::getName)
                                        .toList())
                        .toList())
                .containsExactly(List.of("r:[a, c]", "q:[b, d]"), List.of("r:[e]"));
    }

    private static Origin held(int id, String resource, String scope) {
        Origin parent = new Origin(100 + id, null, 0, resource(resource).toByteArray(), 0, 0);
        return new Origin(id, parent, 0, scope(scope).toByteArray(), 0, 0);
    }

    private void trace(String threshold, String policy) {
        emission.trace(
                R,
                threshold == null ? T : Long.parseUnsignedLong(threshold, 16),
                threshold != null,
                policy.isEmpty() ? null : policy.getBytes(StandardCharsets.UTF_8));
    }

    private void add(String resource, String scope, Span span, boolean hasTraceState) {
        origin(resource(resource), scope(scope));
        add(span, hasTraceState);
    }

    private void origin(ResourceSpans resource, ScopeSpans scope) {
        byte[] resourceHeader = resource.toByteArray();
        byte[] scopeHeader = scope.toByteArray();
        emission.origin(resourceHeader, resourceHeader.length, scopeHeader, scopeHeader.length);
    }

    /** From the middle of a direct buffer, as from a slab. */
    private void add(Span span, boolean hasTraceState) {
        byte[] body = span.toByteArray();
        ByteBuffer slab = ByteBuffer.allocateDirect(body.length + 20);
        slab.put(7, body);
        emission.span(slab, 7, body.length, hasTraceState);
        for (int i = 0; i < slab.capacity(); i++) {
            slab.put(i, (byte) 0xff); // it is not read again
        }
    }

    private void take(byte[] request, int spans) {
        sizes.add(spans);
        try {
            requests.add(ExportTraceServiceRequest.parseFrom(request));
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    private List<Span> spans() {
        return requests.stream()
                .flatMap(r -> r.getResourceSpansList().stream())
                .flatMap(r -> r.getScopeSpansList().stream())
                .flatMap(s -> s.getSpansList().stream())
                .toList();
    }

    private Span only() {
        assertThat(spans()).hasSize(1);
        return spans().getFirst();
    }

    private static ResourceSpans resource(String url) {
        return ResourceSpans.newBuilder().setSchemaUrl(url).build();
    }

    private static ScopeSpans scope(String name) {
        return ScopeSpans.newBuilder()
                .setScope(InstrumentationScope.newBuilder().setName(name))
                .build();
    }

    private static Span span(String name, int attributeLength) {
        return Span.newBuilder()
                .setTraceId(ByteString.copyFrom(new byte[16]))
                .setName(name)
                .addAttributes(text("key", "v".repeat(attributeLength)))
                .build();
    }

    private static KeyValue text(String key, String value) {
        return KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setStringValue(value))
                .build();
    }
}
