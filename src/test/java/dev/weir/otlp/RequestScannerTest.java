package dev.weir.otlp;

import static dev.weir.otlp.Wrap.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RequestScannerTest {

    private final RequestScanner scanner = new RequestScanner();

    static Stream<Arguments> malformed() {
        return Stream.of(
                arguments("span past the end", bytes(0x0a, 6, 0x12, 4, 0x12, 2, 0x0a, 16), "length past the end"),
                arguments("request past the end", bytes(0x0a, 1), "length past the end"),
                arguments("length missing", bytes(0x0a), "truncated: length missing"),
                arguments("length of two GiB", bytes(0x0a, 0xff, 0xff, 0xff, 0xff, 0x07), "length past the end"),
                arguments("length of 2^32 + 1", bytes(0x0a, 0x81, 0x80, 0x80, 0x80, 0x10, 0), "length past the end"),
                arguments(
                        "negative length",
                        bytes(0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1),
                        "length past the end"),
                arguments(
                        "length of six bytes", bytes(0x0a, 0x80, 0x80, 0x80, 0x80, 0x80, 0), "length of over 5 bytes"),
                arguments("tag of six bytes", bytes(0x8a, 0x80, 0x80, 0x80, 0x80, 0, 0), "tag over 5 bytes"),
                arguments("truncated varint", Wrap.span(bytes(0x30, 0x80)), "truncated varint"),
                arguments("missing varint", Wrap.span(bytes(0x30)), "truncated varint"),
                arguments("truncated tag", Wrap.span(bytes(0x80)), "truncated varint"),
                arguments("truncated fixed64", Wrap.span(bytes(0x39, 1, 2, 3, 4, 5, 6, 7)), "truncated fixed-width"),
                arguments(
                        "truncated unknown fixed64",
                        Wrap.span(bytes(0xa1, 6, 1, 2, 3, 4, 5, 6, 7)),
                        "truncated fixed-width"),
                arguments("truncated fixed32", Wrap.span(bytes(0x85, 1, 1, 2, 3)), "truncated fixed-width"),
                arguments("field number 0", Wrap.span(bytes(0x00, 0)), "field number 0"),
                arguments("field number 0 in two bytes", Wrap.span(bytes(0x80, 0, 0)), "field number 0"),
                arguments("field number 0 of the request", bytes(0x02, 0), "field number 0"),
                arguments("field number over 29 bits", bytes(0x80, 0x80, 0x80, 0x80, 0x10, 0), "over 29 bits"),
                arguments("group", Wrap.span(bytes(0x53, 0x54)), "wire type 3"),
                arguments("end of group", Wrap.span(bytes(0x54)), "wire type 4"),
                arguments("wire type 6", Wrap.span(bytes(0x56)), "wire type 6"),
                arguments("wire type 7", bytes(0x57), "wire type 7"),
                arguments("varint of 11 bytes", Wrap.span(varint(11)), "varint over 10 bytes"),
                arguments(
                        "varint of 65 bits",
                        Wrap.span(bytes(0x30, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2)),
                        "varint over 64 bits"),
                arguments("nesting 33", nested(33), "nested over 32"),
                arguments("nesting 5000", nested(5001), "nested over 32"),
                arguments("attribute", Wrap.span(Wrap.field(9, bytes(0x0a, 5, 'a'))), "length past the end"),
                arguments(
                        "attribute's value",
                        Wrap.span(Wrap.field(9, bytes(0x0a, 1, 'a', 0x12, 2, 0x0a, 3))),
                        "length past the end"),
                arguments(
                        "attribute's integer",
                        Wrap.span(Wrap.field(9, bytes(0x0a, 1, 'a', 0x12, 2, 0x18, 0x80))),
                        "truncated varint"),
                arguments(
                        "attribute's double",
                        Wrap.span(Wrap.field(9, bytes(0x0a, 1, 'a', 0x12, 2, 0x21, 0))),
                        "truncated fixed-width"),
                arguments("event", Wrap.span(Wrap.field(11, bytes(0x09, 1))), "truncated fixed-width"),
                arguments("link", Wrap.span(Wrap.field(13, bytes(0x0a, 16))), "length past the end"),
                arguments("status", Wrap.span(Wrap.field(15, bytes(0x18))), "truncated varint"),
                arguments("resource", Wrap.field(1, Wrap.field(1, bytes(0x0a, 9))), "length past the end"),
                arguments("entity", Wrap.field(1, Wrap.field(1, Wrap.field(3, bytes(0x0a, 9)))), "length past the end"),
                arguments("scope", Wrap.field(1, Wrap.field(2, Wrap.field(1, bytes(0x0a, 9)))), "length past the end"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformed")
    void invalid_shouldRefuse(String name, byte[] request, String problem) {
        assertThatThrownBy(() -> scanner.scan(RequestType.TRACES, request))
                .isInstanceOf(OtlpFormatException.class)
                .hasMessageContaining(problem)
                .hasMessageMatching(".* at byte \\d+")
                .extracting(e -> e.getStackTrace().length)
                .isEqualTo(0);
    }

    @Test
    void invalid_shouldRefusePackedNumbersCutShort() {
        byte[] bounds = Wrap.field(9, Wrap.field(1, Wrap.field(7, new byte[15])));
        byte[] buckets = Wrap.field(10, Wrap.field(1, Wrap.field(8, Wrap.field(2, bytes(1, 0x80)))));

        assertThatThrownBy(() -> scanner.scan(RequestType.METRICS, Wrap.span(bounds)))
                .hasMessageContaining("packed 64-bit words of 15 bytes");
        assertThatThrownBy(() -> scanner.scan(RequestType.METRICS, Wrap.span(buckets)))
                .hasMessageContaining("truncated varint");
    }

    @Test
    void invalid_shouldRefuseEveryTruncationOfRequestButAtFieldBoundaries() throws Exception {
        byte[] request = new GeneratedRequests(7).request(RequestType.TRACES).toByteArray();
        for (int length = 0; length < request.length; length++) {
            byte[] cut = Arrays.copyOf(request, length);
            boolean sound;
            try {
                ExportTraceServiceRequest.parseFrom(cut);
                sound = true;
            } catch (com.google.protobuf.InvalidProtocolBufferException e) {
                sound = false;
            }
            assertThat(scans(cut)).as("%d of %d bytes", length, request.length).isEqualTo(sound);
        }
    }

    @Test
    void invalid_shouldAcceptNestingOf32AndEmptyRequest() throws OtlpFormatException {
        assertThat(scanner.scan(RequestType.TRACES, nested(32))).isZero();
        assertThat(scanner.rejected()).isEqualTo(1);
        assertThat(scanner.scan(RequestType.TRACES, new byte[0])).isZero();
        assertThat(scanner.rejected()).isZero();
        assertThat(scanner.rejections()).isEmpty();
    }

    /** Google's parsers would take such a field for an unknown one, but others refuse the whole batch it is merged into. */
    @Test
    void invalid_shouldRefuseKnownFieldOfOtherWireType() {
        byte[] one = bytes(0x08, 1);

        for (byte[] request : new byte[][] {
            one, Wrap.field(1, one), Wrap.field(1, Wrap.field(2, one)), Wrap.span(one), Wrap.span(Wrap.field(9, one))
        }) {
            assertThatThrownBy(() -> scanner.scan(RequestType.TRACES, request))
                    .isInstanceOf(OtlpFormatException.class)
                    .hasMessageContaining("field 1 of wire type 0");
        }
    }

    @Test
    void shouldTakePackedNumbersAlsoOneByOne() throws OtlpFormatException {
        byte[] bucket = new byte[] {0x31, 1, 2, 3, 4, 5, 6, 7, 8};

        assertThat(scanner.scan(RequestType.METRICS, Wrap.span(Wrap.field(9, Wrap.field(1, bucket)))))
                .isEqualTo(1);
    }

    @Test
    void shouldCountMetricOfUnknownOrMissingDataAsOneItemAndMetricWithoutPointsAsNone() throws OtlpFormatException {
        for (byte[] metric : new byte[][] {{}, Wrap.field(1, bytes('n')), Wrap.field(13, new byte[3])}) {
            byte[] request = Wrap.span(metric);
            assertThat(scanner.scan(RequestType.METRICS, request)).isEqualTo(1);
            assertThat(RequestSplitter.split(RequestType.METRICS, request, 1))
                    .extracting(RequestSplitter.Part::items)
                    .containsExactly(1);
        }
        assertThat(scanner.scan(RequestType.METRICS, Wrap.span(Wrap.field(5, new byte[0]))))
                .isZero();
    }

    private boolean scans(byte[] request) {
        try {
            scanner.scan(RequestType.TRACES, request);
            return true;
        } catch (OtlpFormatException e) {
            return false;
        }
    }

    private static byte[] varint(int length) {
        byte[] bytes = new byte[1 + length];
        Arrays.fill(bytes, (byte) 0x80);
        bytes[0] = 0x30;
        bytes[length] = 0;
        return bytes;
    }

    /** Request, ResourceSpans, ScopeSpans, Span, KeyValue are five levels; then AnyValue and ArrayValue in turn. */
    private static byte[] nested(int levels) {
        byte[] body = {};
        for (int level = levels; level > 5; level--) {
            body = Wrap.field(level == 6 ? 2 : level % 2 == 1 ? 5 : 1, body);
        }
        return Wrap.span(Wrap.field(9, body));
    }
}
