package dev.weir.receive;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.JsonFormat;
import com.google.rpc.BadRequest;
import com.google.rpc.Code;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import dev.weir.pipeline.Refusal;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The rows of OTLP conformance about refusals at the HTTP door: which may be tried again, and what their bodies are. */
class HttpRefusalsTest extends HttpPosts {

    /** After which senders of OTLP try again; they drop what gets anything else (OTLP specification, "Failures"). */
    private static final Set<Integer> RETRYABLE = Set.of(429, 502, 503, 504);

    private static final JsonFormat.Parser JSON_STATUS = JsonFormat.parser()
            .usingTypeRegistry(JsonFormat.TypeRegistry.newBuilder()
                    .add(RetryInfo.getDescriptor())
                    .add(BadRequest.getDescriptor())
                    .build());
    private static final Pattern CONTENT_TYPE = Pattern.compile("(?i)\ncontent-type: *(.*)\r\n");
    private static final Pattern RETRY_AFTER = Pattern.compile("(?i)\nretry-after: *1\r\n");

    /** Requests that the door refuses by itself. */
    private enum Refused {
        UNDECODABLE(400, Code.INVALID_ARGUMENT, "POST /v1/traces", "Content-Length: 3\r\n\r\n\1\2\3"),
        OUR_OWN(400, Code.INVALID_ARGUMENT, "POST /v1/traces", "Weir-Hop: ours\r\nContent-Length: 0\r\n\r\n"),
        PATH(404, Code.NOT_FOUND, "POST /v1/profiles", "Content-Length: 0\r\n\r\n"),
        METHOD(405, Code.UNIMPLEMENTED, "GET /v1/traces", "\r\n"),
        TOO_LARGE(413, Code.RESOURCE_EXHAUSTED, "POST /v1/traces", "Content-Length: 1025\r\n\r\n" + "a".repeat(1025)),
        CONTENT_ENCODING(
                415, Code.INVALID_ARGUMENT, "POST /v1/traces", "Content-Encoding: br\r\nContent-Length: 0\r\n\r\n"),
        SLOW(503, Code.UNAVAILABLE, "POST /v1/traces", "Content-Length: 100\r\n\r\nabc");

        private final int status;
        private final Code code;
        private final String start;
        private final String rest;

        Refused(int status, Code code, String start, String rest) {
            this.status = status;
            this.code = code;
            this.start = start;
            this.rest = rest;
        }

        String request(String type) {
            return start + " HTTP/1.1\r\nHost: a\r\nContent-Type: " + type + "\r\n" + rest;
        }
    }

    @ParameterizedTest
    @EnumSource
    void h7_whatMayBeTriedAgainGetsARetryableStatusAndATimeAndNothingElseDoes(Refusal.Reason reason) throws Exception {
        door = new DoorFixture();
        door.stage.refusing(
                reason.retryable()
                        ? Refusal.retryable(reason, "for now", Duration.ofSeconds(7))
                        : Refusal.permanent(reason, "for good"));

        HttpResponse<byte[]> answer = post("/v1/traces", PROTOBUF, Requests.spans(1));

        assertThat(answer.statusCode()).isGreaterThanOrEqualTo(400);
        assertThat(RETRYABLE.contains(answer.statusCode())).isEqualTo(reason.retryable());
        assertThat(answer.headers().firstValue("Retry-After"))
                .isEqualTo(reason.retryable() ? Optional.of("7") : Optional.empty());
    }

    @ParameterizedTest
    @MethodSource
    void h5_theBodyIsAStatusInTheRequestsType(Refused refused, String type) throws Exception {
        door = new DoorFixture("http.max-message-size=1KiB", "http.limits.body=300ms");
        try (RawSocket raw = new RawSocket(door)) {
            String answer = raw.send(refused.request(type)).answer();

            assertThat(answer).startsWith("HTTP/1.1 " + refused.status + " ");
            Status status = status(answer, type);
            assertThat(status.getCode()).isEqualTo(refused.code.getNumber());
            assertThat(status.getMessage()).isNotEmpty();
            assertThat(RETRY_AFTER.matcher(answer).find()).isEqualTo(RETRYABLE.contains(refused.status));
        }
        assertThat(door.stage.payloads).isEmpty();
    }

    static Stream<Arguments> h5_theBodyIsAStatusInTheRequestsType() {
        return Stream.of(Refused.values())
                .flatMap(refused -> Stream.of(PROTOBUF, JSON).map(type -> Arguments.of(refused, type)));
    }

    @ParameterizedTest
    @EnumSource
    void h5_theBodyOfAPipelinesRefusalIsAStatusInTheRequestsType(Refusal.Reason reason) throws Exception {
        door = new DoorFixture();
        door.stage.refusing(new Refusal(reason, "why", Duration.ofMillis(1500)));

        Status protobuf =
                Status.parseFrom(post("/v1/traces", PROTOBUF, Requests.spans(1)).body());
        Status json = json(new String(
                post("/v1/traces", JSON, Requests.json().getBytes(ISO_8859_1)).body(), ISO_8859_1));

        assertThat(json).isEqualTo(protobuf);
        assertThat(json.getMessage()).isEqualTo("why");
        assertThat(json.getDetailsList()).hasSize(reason == Refusal.Reason.TOO_LARGE ? 0 : 1);
    }

    @Test
    void h5_theBodyIsAProtobufStatusWhenTheTypeIsUnknown() throws Exception {
        door = new DoorFixture();
        String start = "POST /v1/traces HTTP/1.1\r\nHost: a\r\n";
        for (String request : new String[] {
            "415:" + start + "Content-Type: text/plain\r\nContent-Length: 0\r\n\r\n",
            "415:" + start + "Content-Length: 0\r\n\r\n",
            "431:" + start + "X: " + "x".repeat(20_000) + "\r\n\r\n",
            "414:GET /" + "x".repeat(20_000) + " HTTP/1.1\r\n\r\n",
            "400:what is this\r\n\r\n"
        }) {
            try (RawSocket raw = new RawSocket(door)) {
                String answer = raw.send(request.substring(4)).answer();

                assertThat(answer).containsPattern("^HTTP/1.[01] " + request.substring(0, 3) + " ");
                assertThat(status(answer, PROTOBUF).getCode()).isEqualTo(Code.INVALID_ARGUMENT_VALUE);
            }
        }
    }

    private static Status status(String answer, String type) throws IOException {
        Matcher contentType = CONTENT_TYPE.matcher(answer);
        assertThat(contentType.find()).isTrue();
        assertThat(contentType.group(1)).isEqualTo(type);
        String body = answer.substring(answer.indexOf("\r\n\r\n") + 4);
        return type.equals(JSON) ? json(body) : Status.parseFrom(body.getBytes(ISO_8859_1));
    }

    private static Status json(String body) throws IOException {
        Status.Builder status = Status.newBuilder();
        JSON_STATUS.merge(body, status);
        return status.build();
    }
}
