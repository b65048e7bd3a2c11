package dev.weir.otlp;

import static dev.weir.otlp.JsonRequests.any;
import static dev.weir.otlp.JsonRequests.anyJson;
import static dev.weir.otlp.JsonRequests.assertFault;
import static dev.weir.otlp.JsonRequests.fault;
import static dev.weir.otlp.JsonRequests.spanJson;
import static dev.weir.otlp.JsonRequests.transcode;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Text that is no JSON, no UTF-8, too deep or too long, and where in an array the text lies. */
class JsonToProtobufInputTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "[]",
                "1",
                "\"a\"",
                "{",
                "{\"resourceSpans\":[{",
                "{} {}",
                "{}x",
                "{]",
                "{\"a\":\"\\x\"}",
                "{\"resourceSpans\":[{]}",
                "{'a':1}",
                "{\"a\":01}",
                "{\"a\":1,}",
                "{\"resourceSpans\":[{\"schemaUrl\":\"",
                "{\"resourceSpans\":[{\"schemaUrl\":\"\\u12",
                "{\"resourceSpans\":[{\"schemaUrl\":\"a\nb\"}]}"
            })
    void json_malformedJsonIsRefused(String json) {
        assertFault(json, "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ff", "c080", "eda080", "f4908080", "e282", "80"})
    void json_invalidUtf8IsRefused(String hex) {
        byte[] wrong = HexFormat.of().parseHex(hex);
        String text = new String(wrong, StandardCharsets.ISO_8859_1);
        byte[] json = "{\"unknown\":\"%s\"}".formatted(text).getBytes(StandardCharsets.ISO_8859_1);
        assertThat(fault(json, Integer.MAX_VALUE)).hasMessageContaining("not UTF-8");
    }

    @Test
    void json_utf16IsRefused() {
        assertThat(fault("{}".getBytes(StandardCharsets.UTF_16LE), Integer.MAX_VALUE))
                .hasMessageContaining("not UTF-8");
    }

    @Test
    void json_tenThousandLevelsAreRefused() {
        assertFault("{\"x\":" + "[".repeat(10_000), "JSON over a limit");
        assertFault(anyJson("\"arrayValue\":{\"values\":[{".repeat(10_000)), "");
    }

    @Test
    void json_messagesNestAsDeepAsInProtobuf() throws Exception {
        // 6 messages down to the attribute's value, then 2 a level.
        int levels = (JsonToProtobuf.MAX_MESSAGE_NESTING - 6) / 2;
        String open = "\"arrayValue\":{\"values\":[{";
        assertThat(any(open.repeat(levels) + "}]}".repeat(levels)).hasArrayValue())
                .isTrue();
        assertFault(anyJson(open.repeat(levels + 1) + "}]}".repeat(levels + 1)), "messages nested over 32 deep");
    }

    @Test
    void json_resultOverTheLimitIsToldApart() {
        String json = spanJson("\"name\":\"" + "x".repeat(20_000) + "\"");
        assertThat(fault(json.getBytes(StandardCharsets.UTF_8), 10_000).isTooLarge())
                .isTrue();
        String numbers = "{\"resourceMetrics\":[{\"scopeMetrics\":[{\"metrics\":[{\"histogram\":{\"dataPoints\":[{"
                + "\"bucketCounts\":[" + "1,".repeat(100_000) + "1]}]}}]}]}]}";
        byte[] bytes = numbers.getBytes(StandardCharsets.UTF_8);
        OtlpFormatException fault = catchThrowableOfType(
                OtlpFormatException.class,
                () -> JsonToProtobuf.transcode(RequestType.METRICS, bytes, 0, bytes.length, 500_000));
        assertThat(fault.isTooLarge()).isTrue();
        assertThat(fault("{]".getBytes(StandardCharsets.UTF_8), 10).isTooLarge())
                .isFalse();
    }

    @Test
    void json_onlyTheGivenRangeIsRead() throws Exception {
        byte[] json = spanJson("\"name\":\"a\",\"startTimeUnixNano\":12").getBytes(StandardCharsets.UTF_8);
        byte[] embedded = new byte[json.length + 20];
        Arrays.fill(embedded, (byte) '"');
        System.arraycopy(json, 0, embedded, 7, json.length);
        assertThat(JsonToProtobuf.transcode(RequestType.TRACES, embedded, 7, json.length))
                .isEqualTo(JsonToProtobuf.transcode(RequestType.TRACES, json, 0, json.length));
    }

    @Test
    void json_byteOrderMarkIsSkipped() throws Exception {
        byte[] json = ("\ufeff" + spanJson("\"name\":\"a\"")).getBytes(StandardCharsets.UTF_8);
        assertThat(ExportTraceServiceRequest.parseFrom(
                        JsonToProtobuf.transcode(RequestType.TRACES, json, 0, json.length)))
                .isEqualTo(ExportTraceServiceRequest.parseFrom(transcode(spanJson("\"name\":\"a\""))));
    }
}
