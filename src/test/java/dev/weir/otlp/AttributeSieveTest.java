package dev.weir.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AttributeSieveTest {

    private static final AttributeSieve SIEVE = new AttributeSieve(
            "mesh.", List.of("direction", "code", "a.long.key.of.somebody"), List.of("url.full", "path"));

    @ParameterizedTest
    @CsvSource({
        "mesh.client.principal, x, true",
        "mesh., x, true",
        "mesh, some text, false",
        "meshed.up, x, false",
        "direction, inbound, true",
        "Direction, inbound, false",
        "code, 4, true",
        "cod3, 4, false",
        "a.long.key.of.somebody, x, true",
        "a.long.key.of.others, x, false",
        "url.full, http://a/b?c=d, true",
        "url.full, ?, true",
        "url.full, http://a/b/and/so/on, false",
        "path, /a/b, false",
        "path, /a?b, true",
        "http.route, /a?b, false"
    })
    void shouldTellKeysApart(String key, String value, boolean isCaught) {
        assertThat(catches(text(key, value).toByteArray())).isEqualTo(isCaught);
        assertThat(scans(text("before", "it"), text(key, value))).isEqualTo(isCaught);
    }

    @Test
    void shouldFindAQuestionMarkAtAnyPlaceOfALongValue() {
        for (int at = 0; at < 300; at++) {
            String url = "u".repeat(at) + "?" + "u".repeat(299 - at);
            assertThat(catches(text("url.full", url).toByteArray())).isTrue();
        }
        assertThat(catches(text("url.full", "u".repeat(300)).toByteArray())).isFalse();
    }

    @Test
    void shouldCatchWhatIsWrittenInAnUnusualWay() {
        byte[] key = text("direction", "x").toByteArray();
        byte[] other = text("something", "x").toByteArray();
        int value = 2 + "something".length();

        byte[] valueFirst = join(Arrays.copyOfRange(other, value, other.length), Arrays.copyOf(other, value));
        byte[] twoKeys = join(other, Arrays.copyOf(key, value));
        byte[] twoValues = join(other, Arrays.copyOfRange(other, value, other.length));
        byte[] longLength = join(new byte[] {0x0a, (byte) 0x89, 0}, Arrays.copyOfRange(key, 2, key.length));

        assertThat(Stream.of(valueFirst, twoKeys, twoValues, longLength)).allMatch(AttributeSieveTest::catches);
    }

    @Test
    void shouldCatchWhatIsTooShortToBeToldApart() {
        assertThat(catches(text("k", "").toByteArray())).isTrue();
        assertThat(catches(new byte[0])).isTrue();
    }

    @Property(tries = 500)
    void shouldNeverLetAListedKeyPass(@ForAll @StringLength(max = 200) String value) {
        assertThat(catches(text("direction", value).toByteArray())).isTrue();
        assertThat(catches(text("mesh." + value, value).toByteArray())).isTrue();
        assertThat(catches(text("url.full", value + "?" + value).toByteArray())).isTrue();
    }

    @Test
    void shouldCatchKeysThatAreAlikeInLengthAndInTheirFirstSixBytes() {
        AttributeSieve alike = new AttributeSieve("mesh.", List.of("direct1on"), List.of("direct2on"));
        byte[] third = text("direct3on", "x").toByteArray();

        assertThat(alike.catches(third, 0, third.length)).isTrue();
    }

    @Test
    void shouldTellOfARequestWithoutASieveThatItMayHaveAny() throws OtlpFormatException {
        RequestScanner scanner = new RequestScanner();
        scanner.scan(RequestType.TRACES, request(text("http.route", "/")));

        assertThat(scanner.isCaught()).isTrue();
    }

    @Test
    void shouldForgetTheLastRequest() throws OtlpFormatException {
        RequestScanner scanner = new RequestScanner(SIEVE);
        scanner.scan(RequestType.TRACES, request(text("direction", "inbound")));
        assertThat(scanner.isCaught()).isTrue();

        scanner.scan(RequestType.TRACES, request(text("http.route", "/")));
        assertThat(scanner.isCaught()).isFalse();

        scanner.scan(RequestType.LOGS, new byte[0]);
        assertThat(scanner.isCaught()).isTrue();
    }

    @Test
    void shouldCatchAnAttributeWhoseTagIsLongerThanNeedBe() {
        byte[] attribute = text("direction", "inbound").toByteArray();
        byte[] span = new byte[attribute.length + 3];
        span[0] = (byte) (AttributeView.OF_SPAN << 3 | 2 | 0x80);
        span[2] = (byte) attribute.length;
        System.arraycopy(attribute, 0, span, 3, attribute.length);

        assertThat(SIEVE.catches(span, 0, span.length, AttributeView.OF_SPAN)).isTrue();
    }

    @Test
    void shouldLetKeysPassThatOnlyBeginLikeAListedOne() {
        assertThat(catches(text("different", "x").toByteArray())).isFalse();
        assertThat(catches(text("messaging", "x").toByteArray())).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "mesh.ab"})
    void shouldRejectAPrefixThatCatchesAllOrIsLong(String prefix) {
        assertThatThrownBy(() -> new AttributeSieve(prefix, List.of(), List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static boolean catches(byte[] keyValue) {
        return SIEVE.catches(keyValue, 0, keyValue.length);
    }

    private static boolean scans(KeyValue... attributes) {
        RequestScanner scanner = new RequestScanner(SIEVE);
        try {
            assertThat(scanner.scan(RequestType.TRACES, request(attributes))).isEqualTo(1);
        } catch (OtlpFormatException e) {
            throw new AssertionError(e);
        }
        return scanner.isCaught();
    }

    private static byte[] request(KeyValue... attributes) {
        return ExportTraceServiceRequest.newBuilder()
                .addResourceSpans(ResourceSpans.newBuilder()
                        .addScopeSpans(ScopeSpans.newBuilder()
                                .addSpans(Span.newBuilder()
                                        .setTraceId(ByteString.copyFromUtf8("0123456789abcdef"))
                                        .setSpanId(ByteString.copyFromUtf8("01234567"))
                                        .addAllAttributes(List.of(attributes)))))
                .build()
                .toByteArray();
    }

    private static KeyValue text(String key, String value) {
        return KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setStringValue(value))
                .build();
    }

    private static byte[] join(byte[] one, byte[] other) {
        byte[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }
}
