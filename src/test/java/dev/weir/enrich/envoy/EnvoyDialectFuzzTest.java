package dev.weir.enrich.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.weir.otlp.AttributeKeys;
import dev.weir.otlp.AttributeSlots;
import dev.weir.otlp.AttributeView;
import dev.weir.otlp.AttributeWriter;
import dev.weir.otlp.FieldCursor;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Tags that nobody in his right mind would send: never an exception, nothing lost, nothing written twice. */
class EnvoyDialectFuzzTest {

    private static final EnvoyDialect DUAL = new EnvoyDialect(false, false);
    private static final EnvoyDialect SEMCONV_ONLY = new EnvoyDialect(true, false);
    private static final List<String> KEYS = List.copyOf(DUAL.keys());
    private static final AttributeKeys TABLE = new AttributeKeys(DUAL.keys());
    private static final Translation BOTH = DUAL.translation(TABLE);
    private static final Translation ONLY = SEMCONV_ONLY.translation(TABLE);
    private static final Set<String> REPLACED = EnvoyTags.ROWS.stream()
            .filter(row -> row.fate() != Row.Fate.KEPT)
            .flatMap(row -> row.tags().stream())
            .collect(Collectors.toSet());

    /** Pieces of what is understood, so that much almost is. */
    private static final List<String> PIECES = List.of(
            "outbound|",
            "outbound_.",
            "inbound-vip|",
            "inbound|",
            "|",
            "_.",
            "http/",
            "http",
            "tcp",
            "80",
            "0",
            "65536",
            "web.shop.svc.cluster.local",
            ".svc",
            "*",
            ";",
            "BlackHoleCluster",
            "PassthroughCluster",
            "-",
            ",",
            "UF",
            "DI",
            "URX",
            "HTTP/",
            "1.1",
            "2",
            ".",
            "/",
            "a.b",
            "[",
            "]",
            ":",
            "::1",
            "10.0.0.1",
            "256",
            "14",
            "17",
            "200",
            "404",
            "b9beac67-2b03-98ff-9a1c-6f5bd4ba5f1a",
            "99999999999999999999",
            " ",
            "\u0000",
            "ü",
            "\ud83d\ude00",
            "unknown");

    @Provide
    Arbitrary<Span> spans() {
        Arbitrary<String> values = Arbitraries.oneOf(
                Arbitraries.of(PIECES).list().ofMaxSize(6).map(pieces -> String.join("", pieces)),
                Arbitraries.strings().ofMaxLength(60));
        Arbitrary<AnyValue> any = Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(
                        12,
                        values.map(text ->
                                AnyValue.newBuilder().setStringValue(text).build())),
                net.jqwik.api.Tuple.of(
                        1,
                        Arbitraries.longs()
                                .map(n -> AnyValue.newBuilder().setIntValue(n).build())),
                net.jqwik.api.Tuple.of(1, Arbitraries.just(AnyValue.getDefaultInstance())));
        Arbitrary<String> keys = Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(9, Arbitraries.of(KEYS)),
                net.jqwik.api.Tuple.of(1, Arbitraries.strings().alpha().ofMaxLength(8)));
        Arbitrary<List<KeyValue>> tags = Combinators.combine(keys, any)
                .as((key, value) ->
                        KeyValue.newBuilder().setKey(key).setValue(value).build())
                .list()
                .uniqueElements(KeyValue::getKey)
                .ofMaxSize(14);
        return Combinators.combine(tags, Arbitraries.integers().between(0, 5))
                .as((list, kind) -> Span.newBuilder()
                        .setName("n")
                        .setKindValue(kind)
                        .addAllAttributes(list)
                        .build());
    }

    @Property
    void shouldOnlyAddWhatIsNotThere(@ForAll("spans") Span span) {
        Span after = TranslatedSpan.apply(BOTH, TABLE, List.of(span)).getFirst();

        assertThat(after.getAttributesList().subList(0, span.getAttributesCount()))
                .isEqualTo(span.getAttributesList());
        assertThat(after.getAttributesList().stream().map(KeyValue::getKey)).doesNotHaveDuplicates();
        assertRight(span, after);
    }

    @Property
    void shouldTakeOutOnlyWhatIsReplaced(@ForAll("spans") Span span) {
        Span after = TranslatedSpan.apply(ONLY, TABLE, List.of(span)).getFirst();

        List<KeyValue> removed = new ArrayList<>(span.getAttributesList());
        removed.removeAll(after.getAttributesList());
        assertThat(removed.stream().map(KeyValue::getKey))
                .allMatch(key -> REPLACED.contains(key) || key.equals("peer.address"));
        assertThat(removed).allMatch(tag -> tag.getValue().hasStringValue());
        assertThat(after.getAttributesList().stream().map(KeyValue::getKey)).doesNotHaveDuplicates();
        assertRight(span, after);
    }

    private static void assertRight(Span before, Span after) {
        Map<String, AnyValue> came = map(before);
        Map<String, AnyValue> added = map(after);
        added.keySet().removeAll(came.keySet());
        assertThat(KEYS).containsAll(added.keySet());
        added.forEach((key, value) -> {
            switch (key) {
                case "server.port", "network.peer.port" ->
                    assertThat(value.getIntValue()).isBetween(1L, 65535L);
                case "http.response.status_code" ->
                    assertThat(value.getIntValue()).isBetween(100L, 599L);
                case "http.request.body.size", "http.response.body.size" ->
                    assertThat(value.getIntValue()).isNotNegative();
                case "mesh.passthrough", "mesh.blackhole" ->
                    assertThat(value.getBoolValue()).isTrue();
                case "envoy.response_flags" ->
                    assertThat(value.getArrayValue().getValuesList())
                            .isNotEmpty()
                            .allMatch(flag -> flag.getStringValue().matches("\\w+"));
                case "mesh.sampling.reason" ->
                    assertThat(value.getStringValue()).isIn("sampled", "forced", "client");
                default ->
                    assertThat(value.getStringValue()).as(key).isNotEmpty().isNotEqualTo("-");
            }
        });
    }

    private static Map<String, AnyValue> map(Span span) {
        return span.getAttributesList().stream().collect(Collectors.toMap(KeyValue::getKey, KeyValue::getValue));
    }

    @Property
    void shouldTakeAnyBytes(@ForAll("bytes") List<byte[]> values, @ForAll("kinds") int kind) {
        Span.Builder span = Span.newBuilder().setKindValue(kind);
        Resource.Builder resource = Resource.newBuilder();
        for (int i = 0; i < values.size(); i++) {
            UnknownFieldSet text = UnknownFieldSet.newBuilder()
                    .addField(
                            1,
                            UnknownFieldSet.Field.newBuilder()
                                    .addLengthDelimited(ByteString.copyFrom(values.get(i)))
                                    .build())
                    .build();
            KeyValue tag = KeyValue.newBuilder()
                    .setKey(KEYS.get(i % KEYS.size()))
                    .setValue(AnyValue.newBuilder().setUnknownFields(text))
                    .build();
            span.addAttributes(tag);
            resource.addAttributes(tag);
        }
        resource.addAttributes(KeyValue.newBuilder().setKey("linkerd.io/control-plane-ns"));
        byte[] request = span.build().toByteArray();
        AttributeSlots slots = new AttributeSlots(TABLE).reset(request, 0, request.length, AttributeView.OF_SPAN);
        while (slots.next()) {
            // each is noted
        }
        AttributeWriter out = new AttributeWriter().clear(AttributeView.OF_SPAN);

        ONLY.translate(
                request,
                slots,
                out,
                (from, to) -> assertThat(from).isBetween(0, to).isLessThan(request.length));

        FieldCursor field = new FieldCursor().reset(out.bytes(), 0, out.length());
        while (field.next()) {
            assertThat(field.isContent(9) || field.isContent(15)).isTrue();
        }
        byte[] body = resource.build().toByteArray();
        assertThat(ProxyResource.attributes(body, 0, body.length, Set.of())).hasSizeLessThan(7);
    }

    @Provide
    Arbitrary<List<byte[]>> bytes() {
        return Arbitraries.bytes().array(byte[].class).ofMaxSize(40).list().ofMaxSize(KEYS.size());
    }

    @Provide
    Arbitrary<Integer> kinds() {
        return Arbitraries.integers().between(0, 6);
    }
}
