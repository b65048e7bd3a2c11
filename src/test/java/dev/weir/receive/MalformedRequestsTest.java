package dev.weir.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.google.rpc.BadRequest;
import com.google.rpc.Status;
import dev.weir.pipeline.Signal;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each kind of malformed protobuf at both doors, over real sockets: a clear error that is not worth a retry, and the connection
 * goes on.
 */
class MalformedRequestsTest extends HttpPosts {

    private static final int VARINT = 0;
    private static final int LENGTH = 2;
    private static final int GROUP = 3;

    static Stream<Arguments> malformed() {
        byte[] sound = Requests.spans(1);
        return Stream.of(
                arguments("length past the end", bytes(0x0a, 0x7f, 1), "length past the end"),
                arguments("length past the end of a span", span(bytes(0x0a, 16, 1)), "length past the end"),
                arguments("truncated", Arrays.copyOf(sound, sound.length - 1), "length past the end"),
                arguments("truncated varint", span(bytes(6 << 3, 0x80)), "truncated varint"),
                arguments("truncated fixed64", span(bytes(7 << 3 | 1, 1, 2, 3)), "truncated fixed-width"),
                arguments("field number 0", span(bytes(VARINT, 0)), "field number 0"),
                arguments("field number 0 of the request", bytes(LENGTH, 0), "field number 0"),
                arguments("group", span(bytes(10 << 3 | GROUP, 10 << 3 | GROUP + 1)), "wire type 3"),
                arguments("end of no group", span(bytes(10 << 3 | GROUP + 1)), "wire type 4"),
                arguments("wire type 7", span(bytes(10 << 3 | 7)), "wire type 7"),
                arguments(
                        "varint of 11 bytes",
                        span(bytes(6 << 3, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0)),
                        "varint over 10 bytes"),
                arguments(
                        "varint of 65 bits",
                        span(bytes(6 << 3, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2)),
                        "varint over 64 bits"),
                arguments("nesting of 33", nested(33), "nested over 32"),
                arguments("nesting of 5000", nested(5001), "nested over 32"));
    }

    @BeforeEach
    void open() throws Exception {
        door = new DoorFixture();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformed")
    void g6_malformedIsInvalidArgumentWithBadRequest(String kind, byte[] request, String problem) {
        ManagedChannel channel = door.connect();
        StatusRuntimeException e = catchThrowableOfType(
                StatusRuntimeException.class, () -> GrpcCalls.export(channel, Signal.TRACES, request));
        assertThat(e.getStatus().getCode()).isEqualTo(io.grpc.Status.Code.INVALID_ARGUMENT);
        assertThat(GrpcCalls.detail(e, BadRequest.class).getFieldViolations(0).getDescription())
                .contains(problem);
        GrpcCalls.export(channel, Signal.TRACES, Requests.spans(1));
        assertThat(door.stage.payloads).hasSize(1);
        assertThat(door.doors.grpc().openConnections()).isEqualTo(1);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformed")
    void h6_malformedIs400WithBadRequest(String kind, byte[] request, String problem) throws Exception {
        HttpResponse<byte[]> answer = post("/v1/traces", PROTOBUF, request);
        assertThat(answer.statusCode()).isEqualTo(400);
        BadRequest details = Status.parseFrom(answer.body()).getDetails(0).unpack(BadRequest.class);
        assertThat(details.getFieldViolations(0).getDescription()).contains(problem);
        assertThat(post("/v1/traces", PROTOBUF, Requests.spans(1)).statusCode()).isEqualTo(200);
        assertThat(door.stage.payloads).hasSize(1);
        assertThat(door.doors.http().openConnections()).isEqualTo(1);
    }

    /** Request, ResourceSpans, ScopeSpans, Span, KeyValue are five levels; then AnyValue and ArrayValue in turn. */
    private static byte[] nested(int levels) {
        byte[] body = {};
        for (int level = levels; level > 5; level--) {
            body = field(level == 6 ? 2 : level % 2 == 1 ? 5 : 1, body);
        }
        return span(field(9, body));
    }

    private static byte[] span(byte[] body) {
        return field(1, field(2, field(2, body)));
    }

    private static byte[] field(int number, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(number << 3 | LENGTH);
        int length = content.length;
        while (length > 0x7f) {
            out.write(length & 0x7f | 0x80);
            length >>>= 7;
        }
        out.write(length);
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static byte[] bytes(int... values) {
        byte[] out = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            out[i] = (byte) values[i];
        }
        return out;
    }
}
