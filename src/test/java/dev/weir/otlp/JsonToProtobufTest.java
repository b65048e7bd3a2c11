package dev.weir.otlp;

import static dev.weir.otlp.JsonRequests.any;
import static dev.weir.otlp.JsonRequests.anyJson;
import static dev.weir.otlp.JsonRequests.assertFault;
import static dev.weir.otlp.JsonRequests.metric;
import static dev.weir.otlp.JsonRequests.span;
import static dev.weir.otlp.JsonRequests.spanJson;
import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.SummaryDataPoint;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of the JSON mapping, one a test. */
class JsonToProtobufTest {

    private static final String SPANS = "resourceSpans[0].scopeSpans[0].spans[0]";

    @Test
    void json_idsAreHexOfEitherCase() throws Exception {
        Span span = span("""
                "traceId":"5B8EFFF798038103d269b633813fc60c","spanId":"EEE19b7ec3c1b174","parentSpanId":""
                """);
        assertThat(span.getTraceId().toByteArray())
                .isEqualTo(HexFormat.of().parseHex("5b8efff798038103d269b633813fc60c"));
        assertThat(span.getSpanId().toByteArray()).isEqualTo(HexFormat.of().parseHex("eee19b7ec3c1b174"));
        assertThat(span.getParentSpanId()).isEmpty();
    }

    @Test
    void json_idsOfWrongSizeAreKeptForTheScanToReject() throws Exception {
        Span span = span("\"traceId\":\"00000000000000000000000000000000\",\"spanId\":\"abcd\"");
        assertThat(span.getTraceId().toByteArray()).isEqualTo(new byte[16]);
        assertThat(span.getSpanId().toByteArray()).isEqualTo(new byte[] {(byte) 0xab, (byte) 0xcd});
    }

    @ParameterizedTest
    @ValueSource(strings = {"xyz", "0g", "abc", "W47/95gDgQPSabYzgT/GDA=="})
    void json_idThatIsNoHexIsEmptySoThatOnlyItsSpanIsRejected(String id) throws Exception {
        assertThat(span("\"traceId\":\"" + id + "\",\"name\":\"a\""))
                .isEqualTo(Span.newBuilder().setName("a").build());
    }

    @Test
    void json_parentThatIsNoHexDoesNotMakeTheSpanARoot() throws Exception {
        Span span = span("\"parentSpanId\":\"nothex\",\"traceId\":\"5b8efff798038103d269b633813fc60c\"");
        assertThat(span.getTraceId()).isEmpty();
    }

    @Test
    void json_namesMayBeSnakeCase() throws Exception {
        assertThat(span("\"start_time_unix_nano\":\"7\",\"dropped_links_count\":1"))
                .isEqualTo(Span.newBuilder()
                        .setStartTimeUnixNano(7)
                        .setDroppedLinksCount(1)
                        .build());
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "\"2\"", "2.0", "\"SPAN_KIND_SERVER\""})
    void json_enumsAreNumbersAndMayBeNames(String kind) throws Exception {
        assertThat(span("\"kind\":" + kind).getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_SERVER);
    }

    @Test
    void json_unknownEnumNumberIsKept() throws Exception {
        assertThat(span("\"kind\":77").getKindValue()).isEqualTo(77);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0, 0",
        "42, 42",
        "'\"42\"', 42",
        "1e2, 100",
        "1.0, 1",
        "'\"1.50e1\"', 15",
        "0e99999, 0",
        "-9223372036854775808, -9223372036854775808",
        "'\"9223372036854775807\"', 9223372036854775807",
        "9223372036854775807.0, 9223372036854775807"
    })
    void json_integersAreNumbersOrStrings(String json, long value) throws Exception {
        assertThat(any("\"intValue\":" + json))
                .isEqualTo(AnyValue.newBuilder().setIntValue(value).build());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.5", "\"1.5\"", "9223372036854775808", "-9223372036854775809", "1e19", "1e999999999", "\"\"", "\"a\"",
                "\" 1\"", "\"+1\"", "\"-\"", "true", "[1]", "{}", "\"18446744073709551617\"", "-18446744073709551615"
            })
    void json_whatIsNoInt64IsRefused(String json) {
        assertFault(
                anyJson("\"intValue\":" + json), SPANS + ".attributes[0].value.intValue: expected a 64-bit integer");
    }

    @Test
    void json_unsignedIntegersTakeTheirWholeRange() throws Exception {
        Span span = span("\"startTimeUnixNano\":\"18446744073709551615\",\"flags\":4294967295,"
                + "\"droppedLinksCount\":4294967295,\"endTimeUnixNano\":9999999999999999999");
        assertThat(span.getStartTimeUnixNano()).isEqualTo(-1);
        assertThat(span.getFlags()).isEqualTo(-1);
        assertThat(span.getDroppedLinksCount()).isEqualTo(-1);
        assertThat(Long.toUnsignedString(span.getEndTimeUnixNano())).isEqualTo("9999999999999999999");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"startTimeUnixNano\":-1",
                "\"startTimeUnixNano\":\"18446744073709551616\"",
                "\"flags\":4294967296",
                "\"flags\":-1",
                "\"flags\":-18446744073709551615",
                "\"droppedLinksCount\":-18446744073709551615",
                "\"kind\":2147483648",
                "\"kind\":18446744073709551615",
                "\"kind\":\"SERVER\"",
                "\"name\":1",
                "\"name\":{}",
                "\"traceId\":1",
                "\"attributes\":{}",
                "\"status\":[]",
                "\"status\":\"ok\"",
                "\"attributes\":[1]"
            })
    void json_valueOutOfRangeOrOfAnotherTypeIsRefused(String field) {
        String name = field.substring(1, field.indexOf('"', 1));
        assertFault(spanJson(field), SPANS + "." + name);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1",
        "-0.0, -0.0",
        "-0, -0.0",
        "'\"1.25\"', 1.25",
        "1e-400, 0",
        "'\"NaN\"', NaN",
        "'\"Infinity\"', Infinity",
        "'\"-Infinity\"', -Infinity",
        "1.7976931348623157E308, 1.7976931348623157E308",
        "9007199254740993, 9007199254740992"
    })
    void json_doublesAreNumbersOrStrings(String json, double value) throws Exception {
        assertThat(any("\"doubleValue\":" + json))
                .isEqualTo(AnyValue.newBuilder().setDoubleValue(value).build());
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e400", "\"nan\"", "\"\"", "\"1d\"", "\"0x1p3\"", "\"1.\"", "\"--1\"", "true", "NaN"})
    void json_whatIsNoDoubleIsRefused(String json) {
        assertFault(anyJson("\"doubleValue\":" + json), "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"+/+/AQ==", "-_-_AQ==", "+/+/AQ", "-_-_AQ", "+\\/+\\u002fAQ"})
    void json_bytesAreBase64OfEitherAlphabetPaddedOrNot(String text) throws Exception {
        assertThat(any("\"bytesValue\":\"" + text + "\"").getBytesValue().toByteArray())
                .isEqualTo(HexFormat.of().parseHex("fbffbf01"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"A", "AQ=", "A===", "AQ!=", "AAAAA"})
    void json_whatIsNoBase64IsRefused(String text) {
        assertFault(anyJson("\"bytesValue\":\"" + text + "\""), "expected a base64 string");
    }

    @Test
    void json_defaultsSetInAOneofAreKept() throws Exception {
        assertThat(any("\"stringValue\":\"\"").hasStringValue()).isTrue();
        assertThat(any("\"intValue\":0").hasIntValue()).isTrue();
        assertThat(any("\"boolValue\":false").hasBoolValue()).isTrue();
        assertThat(any("\"doubleValue\":0").hasDoubleValue()).isTrue();
        assertThat(any("\"bytesValue\":\"\"").hasBytesValue()).isTrue();
        assertThat(any("\"arrayValue\":{}").hasArrayValue()).isTrue();
        assertThat(any("\"kvlistValue\":{\"values\":[]}").hasKvlistValue()).isTrue();
    }

    @Test
    void json_optionalFieldsAreKeptWhenZero() throws Exception {
        HistogramDataPoint point = metric("\"histogram\":{\"dataPoints\":[{\"sum\":0,\"min\":-0.0,\"bucketCounts\":"
                        + "[\"1\",2,null],\"explicitBounds\":[0.5,\"Infinity\"]}]}")
                .getHistogram()
                .getDataPoints(0);
        assertThat(point.hasSum()).isTrue();
        assertThat(Double.doubleToRawLongBits(point.getMin())).isEqualTo(Long.MIN_VALUE);
        assertThat(point.hasMax()).isFalse();
        assertThat(point.getBucketCountsList()).containsExactly(1L, 2L, 0L);
        assertThat(point.getExplicitBoundsList()).containsExactly(0.5, Double.POSITIVE_INFINITY);
    }

    @Test
    void json_negativeZeroIsNoDefault() throws Exception {
        SummaryDataPoint point = metric("\"summary\":{\"dataPoints\":[{\"sum\":-0.0}]}")
                .getSummary()
                .getDataPoints(0);
        assertThat(Double.doubleToRawLongBits(point.getSum())).isEqualTo(Long.MIN_VALUE);
    }

    @Test
    void json_nullIsADefault() throws Exception {
        assertThat(span("\"name\":null,\"kind\":null,\"attributes\":null,\"status\":null"))
                .isEqualTo(Span.getDefaultInstance());
        assertThat(any("\"arrayValue\":{\"values\":[null,{\"intValue\":1}]}")
                        .getArrayValue()
                        .getValuesList())
                .containsExactly(
                        AnyValue.getDefaultInstance(),
                        AnyValue.newBuilder().setIntValue(1).build());
    }

    @Test
    void json_unknownFieldsAreIgnored() throws Exception {
        assertThat(span("\"x\":{\"name\":[1,{\"y\":\"z\"}]},\"name\":\"a\",\"w\":1e5,\"v\":null"))
                .isEqualTo(Span.newBuilder().setName("a").build());
    }

    @Test
    void json_lastOfRepeatedKeysCounts() throws Exception {
        assertThat(span("\"kind\":3,\"name\":\"a\",\"kind\":0,\"name\":\"\"")).isEqualTo(Span.getDefaultInstance());
        assertThat(any("\"intValue\":1,\"stringValue\":\"a\""))
                .isEqualTo(AnyValue.newBuilder().setStringValue("a").build());
    }

    @Test
    void json_escapesAndSurrogatePairsAreDecoded() throws Exception {
        assertThat(span("\"name\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e4\\u20AC\\ud83e\\udd8a🦊 plain text after\"")
                        .getName())
                .isEqualTo("\"\\/\b\f\n\r\tä€🦊🦊 plain text after");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\ud83e", "\\udd8a", "\\ud83e\\n", "\\ud83e\\u0041", "\\ud83e\\ud83e"})
    void json_halfASurrogatePairIsReplaced(String text) throws Exception {
        assertThat(span("\"name\":\"" + text + "\"").getName()).startsWith("\ufffd");
    }
}
