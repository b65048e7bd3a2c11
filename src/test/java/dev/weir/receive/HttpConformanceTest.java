package dev.weir.receive;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.rpc.BadRequest;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import dev.weir.pipeline.Refusal;
import dev.weir.pipeline.Sender;
import dev.weir.pipeline.Signal;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The rows of OTLP conformance that are about what the HTTP door takes and answers, one test each, over real sockets. */
class HttpConformanceTest extends HttpPosts {

    @Test
    void h1_allThreePathsAreTakenOverHttp1() throws Exception {
        door = new DoorFixture();
        assertThat(post("/v1/traces", PROTOBUF, Requests.spans(3)).statusCode()).isEqualTo(200);
        assertThat(post("/v1/metrics", PROTOBUF, Requests.dataPoint()).statusCode())
                .isEqualTo(200);
        assertThat(post("/v1/logs", PROTOBUF, Requests.logRecord()).statusCode())
                .isEqualTo(200);
        assertThat(door.stage.payloads)
                .extracting(payload -> payload.signal() + " " + payload.items())
                .containsExactly("TRACES 3", "METRICS 1", "LOGS 1");
        assertThat(door.stage.payloads.get(0).sender().protocol()).isEqualTo(Sender.Protocol.HTTP_PROTOBUF);
        assertThat(door.stage.payloads.get(0).bytes()).isEqualTo(Requests.spans(3));
    }

    @Test
    void h1_http2ByUpgradeIsTaken() throws Exception {
        door = new DoorFixture();
        for (int i = 0; i < 3; i++) {
            HttpResponse<byte[]> answer = client.send(
                    request("/v1/traces", PROTOBUF, BodyPublishers.ofByteArray(Requests.spans(2)))
                            .version(HttpClient.Version.HTTP_2)
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
        }
        assertThat(door.stage.payloads).hasSize(3);
    }

    @Test
    void h1_http2WithPriorKnowledgeIsTaken() throws Exception {
        door = new DoorFixture();
        var vertxClient = door.vertx.createHttpClient(new io.vertx.core.http.HttpClientOptions()
                .setProtocolVersion(io.vertx.core.http.HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false));
        int status = vertxClient
                .request(io.vertx.core.http.HttpMethod.POST, door.doors.httpPort(), "127.0.0.1", "/v1/traces")
                .compose(request -> request.putHeader("Content-Type", PROTOBUF)
                        .send(io.vertx.core.buffer.Buffer.buffer(Requests.spans(1))))
                .toCompletionStage()
                .toCompletableFuture()
                .get()
                .statusCode();
        assertThat(status).isEqualTo(200);
        assertThat(door.stage.payloads).hasSize(1);
    }

    @Test
    void h1_anotherMethodIs405WithAllow() throws Exception {
        door = new DoorFixture();
        HttpResponse<byte[]> answer = client.send(
                HttpRequest.newBuilder(URI.create(door.http("/v1/traces"))).build(),
                HttpResponse.BodyHandlers.ofByteArray());
        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).hasValue("POST");
    }

    @Test
    void h1_anotherPathIs404() throws Exception {
        door = new DoorFixture();
        assertThat(post("/v1/profiles", PROTOBUF, new byte[0]).statusCode()).isEqualTo(404);
        assertThat(post("/v1/traces/", PROTOBUF, Requests.spans(1)).statusCode())
                .isEqualTo(404);
    }

    @Test
    void h2_parametersAndCaseOfTheTypeAreAllowedAndAnotherTypeIs415() throws Exception {
        door = new DoorFixture();
        HttpResponse<byte[]> good = post("/v1/traces", "Application/X-Protobuf; charset=utf-8", Requests.spans(1));
        assertThat(good.statusCode()).isEqualTo(200);
        assertThat(good.headers().firstValue("Content-Type")).hasValue(PROTOBUF);
        assertThat(post("/v1/traces", "text/plain", Requests.spans(1)).statusCode())
                .isEqualTo(415);
    }

    @Test
    void h2_jsonIsTakenAndAnsweredAsJson() throws Exception {
        door = new DoorFixture();
        HttpResponse<byte[]> answer =
                post("/v1/traces", JSON + "; charset=utf-8", Requests.json().getBytes());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue(JSON);
        assertThat(new String(answer.body())).isEqualTo("{}");
        assertThat(door.stage.payloads.get(0).items()).isEqualTo(1);
        assertThat(door.stage.payloads.get(0).sender().protocol()).isEqualTo(Sender.Protocol.HTTP_JSON);
    }

    @Test
    void h5_everyErrorsBodyIsAStatusInTheRequestsType() throws Exception {
        door = new DoorFixture();
        assertThat(Status.parseFrom(post("/v1/traces", PROTOBUF, new byte[] {1, 2, 3})
                                .body())
                        .getCode())
                .isEqualTo(3);
        assertThat(Status.parseFrom(post("/nowhere", PROTOBUF, new byte[] {1}).body())
                        .getMessage())
                .isNotEmpty();
        assertThat(Status.parseFrom(
                                post("/v1/logs", "text/plain", new byte[] {1}).body())
                        .getMessage())
                .isNotEmpty();
        HttpResponse<byte[]> json = post("/v1/traces", JSON, "{\"resourceSpans\":7".getBytes());
        assertThat(json.statusCode()).isEqualTo(400);
        JsonNode status = new ObjectMapper().readTree(json.body());
        assertThat(status.get("code").asInt()).isEqualTo(3);
        assertThat(status.get("details").get(0).get("@type").asText()).endsWith("google.rpc.BadRequest");
    }

    @Test
    void h6_undecodableIs400WithBadRequest() throws Exception {
        door = new DoorFixture();
        HttpResponse<byte[]> answer = post("/v1/traces", PROTOBUF, new byte[] {0x0a, 0x7f, 1});
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(Status.parseFrom(answer.body()).getDetails(0).is(BadRequest.class))
                .isTrue();
        assertThat(postEncoded("gzip", new byte[] {1, 2, 3})).isEqualTo(400);
        assertThat(postEncoded("zstd", new byte[] {1, 2, 3})).isEqualTo(400);
    }

    @Test
    void h6_overloadIs429WithRetryAfterRoundedUp() throws Exception {
        door = new DoorFixture();
        door.stage.refusing(Refusal.retryable(Refusal.Reason.QUEUE_FULL, "full", Duration.ofMillis(2100)));
        HttpResponse<byte[]> answer = post("/v1/traces", PROTOBUF, Requests.spans(1));
        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(answer.headers().firstValue("Retry-After")).hasValue("3");
        assertThat(Status.parseFrom(answer.body()).getDetails(0).is(RetryInfo.class))
                .isTrue();
    }

    @Test
    void h6_drainingIs503WithRetryAfter() throws Exception {
        door = new DoorFixture();
        assertThat(post("/v1/traces", PROTOBUF, Requests.spans(1)).statusCode()).isEqualTo(200);
        door.doors.goAway();
        HttpResponse<byte[]> answer = post("/v1/traces", PROTOBUF, Requests.spans(1));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Connection")).hasValue("close");
        door.doors.refuseNew();
        answer = post("/v1/traces", PROTOBUF, Requests.spans(1));
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).hasValue("1");
    }

    @Test
    void h7_noAnswerInTimeIs503AndStillCountsOnce() throws Exception {
        door = new DoorFixture("answer-within=300ms");
        door.stage.silent();
        assertThat(post("/v1/traces", PROTOBUF, Requests.spans(2)).statusCode()).isEqualTo(503);
        door.stage.acceptAndDeliver(door.stage.payloads.get(0));
        assertThat(door.ledger.read(Signal.TRACES).received()).isEqualTo(2);
    }

    @Test
    void h8_corsIsOffByDefault() throws Exception {
        door = new DoorFixture();
        assertThat(preflight("https://app.example").statusCode()).isEqualTo(405);
    }

    @Test
    void h8_preflightOfAConfiguredOriginWorks() throws Exception {
        door = new DoorFixture("http.cors-origins=https://app.example");
        HttpResponse<byte[]> answer = preflight("https://app.example");
        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).hasValue("https://app.example");
        assertThat(answer.headers().firstValue("Access-Control-Allow-Methods")).hasValue("POST");
        assertThat(answer.headers().firstValue("Access-Control-Allow-Headers")).hasValue("Content-Type");
        assertThat(preflight("https://evil.example").statusCode()).isEqualTo(405);
    }

    @Test
    void h8_preflightAllowsTheHeadersThatThePageAsksFor() throws Exception {
        door = new DoorFixture("http.cors-origins=https://app.example");
        HttpResponse<byte[]> answer =
                preflight("https://app.example", "Access-Control-Request-Headers", "content-type,x-api-key");
        assertThat(answer.headers().firstValue("Access-Control-Allow-Headers")).hasValue("content-type,x-api-key");
    }

    @Test
    void h8_thePageMayReadTheAnswerToItsPost() throws Exception {
        door = new DoorFixture("http.cors-origins=https://app.example");
        for (byte[] body : new byte[][] {Requests.spans(1), {1, 2, 3}}) {
            HttpResponse<byte[]> answer = postFrom("https://app.example", body);
            assertThat(answer.headers().firstValue("Access-Control-Allow-Origin"))
                    .hasValue("https://app.example");
            assertThat(answer.headers().firstValue("Vary")).hasValue("Origin");
        }
        assertThat(postFrom("https://evil.example", Requests.spans(1)).headers().map())
                .doesNotContainKey("access-control-allow-origin");
    }

    @Test
    void h8_everyPageMayReadItsAnswersWhenAnyOriginIsAllowed() throws Exception {
        door = new DoorFixture("http.cors-origins=*");
        assertThat(preflight("https://app.example").headers().firstValue("Access-Control-Allow-Origin"))
                .hasValue("*");
        assertThat(postFrom("https://app.example", Requests.spans(1))
                        .headers()
                        .firstValue("Access-Control-Allow-Origin"))
                .hasValue("*");
    }

    @Test
    void partialSuccessIsAnsweredInBothTypes() throws Exception {
        door = new DoorFixture();
        byte[] answer = post("/v1/traces", PROTOBUF, Requests.spans(1, 2)).body();
        assertThat(ExportTraceServiceResponse.parseFrom(answer)
                        .getPartialSuccess()
                        .getRejectedSpans())
                .isEqualTo(2);
        String bad = Requests.json().replace("0102030405060708090a0b0c0d0e0f10", "0".repeat(32));
        JsonNode json = new ObjectMapper()
                .readTree(post("/v1/traces", JSON, bad.getBytes()).body());
        assertThat(json.get("partialSuccess").get("rejectedSpans").asText()).isEqualTo("1");
    }

    private HttpResponse<byte[]> postFrom(String origin, byte[] body) throws Exception {
        return send(request("/v1/traces", PROTOBUF, BodyPublishers.ofByteArray(body))
                .header("Origin", origin));
    }

    private HttpResponse<byte[]> preflight(String origin, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(door.http("/v1/traces")))
                .version(HttpClient.Version.HTTP_1_1)
                .method("OPTIONS", BodyPublishers.noBody())
                .header("Origin", origin)
                .header("Access-Control-Request-Method", "POST");
        return send(headers.length == 0 ? request : request.headers(headers));
    }
}
