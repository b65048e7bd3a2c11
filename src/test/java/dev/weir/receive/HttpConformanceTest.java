package dev.weir.receive;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.ZstdOutputStream;
import com.google.rpc.BadRequest;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import dev.weir.pipeline.MemoryBudget.Use;
import dev.weir.pipeline.Refusal;
import dev.weir.pipeline.Sender;
import dev.weir.pipeline.Signal;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The rows of OTLP conformance that are about the HTTP door, one test each, over real sockets. */
class HttpConformanceTest {

    private static final String PROTOBUF = "application/x-protobuf";
    private static final String JSON = "application/json";

    private final HttpClient client = HttpClient.newBuilder().build();
    private DoorFixture door;

    @AfterEach
    void close() {
        client.close();
        if (door != null) {
            door.close();
        }
    }

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
    void h3_everyEncodingIsTaken() throws Exception {
        door = new DoorFixture();
        byte[] spans = Requests.spans(200);
        byte[] two = new ByteArrayOutputStream() {
            {
                writeBytes(Requests.gzip(java.util.Arrays.copyOf(spans, 100)));
                writeBytes(Requests.gzip(java.util.Arrays.copyOfRange(spans, 100, spans.length)));
            }
        }.toByteArray();
        byte[] raw = Requests.through(
                spans, out -> new DeflaterOutputStream(out, new Deflater(Deflater.DEFAULT_COMPRESSION, true)));
        assertThat(postEncoded("identity", spans)).isEqualTo(200);
        assertThat(postEncoded("gzip", Requests.gzip(spans))).isEqualTo(200);
        assertThat(postEncoded("X-GZIP", Requests.gzip(spans))).isEqualTo(200);
        assertThat(postEncoded("gzip", two)).isEqualTo(200);
        assertThat(postEncoded("deflate", Requests.through(spans, DeflaterOutputStream::new)))
                .isEqualTo(200);
        assertThat(postEncoded("deflate", raw)).isEqualTo(200);
        assertThat(postEncoded("zstd", Requests.through(spans, ZstdOutputStream::new)))
                .isEqualTo(200);
        assertThat(door.stage.payloads)
                .hasSize(7)
                .allSatisfy(payload -> assertThat(payload.bytes()).isEqualTo(spans));
    }

    @Test
    void h3_anotherEncodingIs415WithAcceptEncoding() throws Exception {
        door = new DoorFixture();
        HttpResponse<byte[]> answer = send(request("/v1/traces", PROTOBUF, BodyPublishers.ofByteArray(new byte[9]))
                .header("Content-Encoding", "br"));
        assertThat(answer.statusCode()).isEqualTo(415);
        assertThat(answer.headers().firstValue("Accept-Encoding")).hasValue("gzip, deflate, zstd");
    }

    @Test
    void h4_bombIsStoppedAtTheLimitWith413() throws Exception {
        door = new DoorFixture("http.max-message-size=1MiB");
        byte[] bomb = Requests.bigSpan(100 << 20);
        assertThat(postEncoded("gzip", Requests.gzip(bomb))).isEqualTo(413);
        assertThat(postEncoded("zstd", Requests.through(bomb, ZstdOutputStream::new)))
                .isEqualTo(413);
        assertThat(postEncoded("deflate", Requests.through(bomb, DeflaterOutputStream::new)))
                .isEqualTo(413);
        assertThat(door.stage.payloads).isEmpty();
    }

    @Test
    void h4_contentLengthOverTheLimitIs413BeforeTheBody() throws Exception {
        door = new DoorFixture();
        try (RawSocket raw = new RawSocket(door)) {
            raw.send("POST /v1/traces HTTP/1.1\r\nHost: a\r\nContent-Type: " + PROTOBUF
                    + "\r\nContent-Length: 99999999999\r\n\r\n");
            assertThat(raw.untilClosed()).startsWith("HTTP/1.1 413");
        }
    }

    @Test
    void h4_bigBodiesWithinTheLimitAreTaken() throws Exception {
        door = new DoorFixture();
        byte[] big = Requests.bigSpan(20 << 20);
        assertThat(post("/v1/traces", PROTOBUF, big).statusCode()).isEqualTo(200);
        assertThat(send(request("/v1/traces", PROTOBUF, chunked(big))).statusCode())
                .isEqualTo(200);
        assertThat(door.stage.payloads)
                .hasSize(2)
                .allSatisfy(payload -> assertThat(payload.bytes()).isEqualTo(big));
    }

    @Test
    void h4_jsonThatCanNeverFitIs413BeforeTheBody() throws Exception {
        // Given that one sender may hold 24 MiB, and JSON takes half as much again
        door = new DoorFixture(40 << 20);
        try (RawSocket raw = new RawSocket(door)) {
            raw.send("POST /v1/traces HTTP/1.1\r\nHost: a\r\nContent-Type: " + JSON + "\r\nContent-Length: "
                    + (20 << 20) + "\r\n\r\n");
            assertThat(raw.untilClosed()).startsWith("HTTP/1.1 413").contains("weir.memory.limit");
        }
    }

    @Test
    void h4_chunkedBodyOverTheLimitIs413() throws Exception {
        door = new DoorFixture("http.max-message-size=1MiB");
        HttpResponse<byte[]> answer = send(request("/v1/traces", PROTOBUF, chunked(Requests.bigSpan(1 << 20))));
        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(send(request("/v1/traces", PROTOBUF, chunked(Requests.bigSpan(900 << 10))))
                        .statusCode())
                .isEqualTo(200);
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
    void h6_noMemoryIs429BeforeTheBody() throws Exception {
        door = new DoorFixture(40 << 20);
        assertThat(door.budget.tryReserve(Use.RECEIVE, 25 << 20)).isTrue();
        try (RawSocket raw = new RawSocket(door)) {
            raw.send("POST /v1/traces HTTP/1.1\r\nHost: a\r\nContent-Type: " + PROTOBUF
                    + "\r\nContent-Length: 20000000\r\n\r\n");
            assertThat(raw.untilClosed()).startsWith("HTTP/1.1 429").containsIgnoringCase("retry-after: 1");
        }
        door.budget.release(Use.RECEIVE, 25 << 20);
    }

    @Test
    void h6_whatCanNeverFitIs413WithoutRetryAfter() throws Exception {
        door = new DoorFixture(4 << 20);
        HttpResponse<byte[]> answer = post("/v1/traces", PROTOBUF, new byte[3 << 20]);
        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(answer.headers().firstValue("Retry-After")).isEmpty();
        assertThat(postEncoded("gzip", Requests.gzip(Requests.bigSpan(20 << 20))))
                .isEqualTo(413);
    }

    @Test
    void whatJsonIsTurnedIntoIsChargedBeforeItIsMade() throws Exception {
        // Given numbers that take five times as much in protobuf, and a budget for twice
        door = new DoorFixture(8 << 20);
        String bounds = "0,".repeat(1 << 20);
        String json =
                "{\"resourceMetrics\":[{\"scopeMetrics\":[{\"metrics\":[{\"name\":\"m\",\"histogram\":{\"dataPoints\":"
                        + "[{\"explicitBounds\":[" + bounds + "0]}]}}]}]}]}";
        // When, Then
        assertThat(post("/v1/metrics", JSON, json.getBytes()).statusCode()).isEqualTo(413);
        String some = json.replace(bounds, "0,".repeat(100_000));
        assertThat(post("/v1/metrics", JSON, some.getBytes()).statusCode()).isEqualTo(200);
        assertThat(door.stage.payloads.get(0).bytes()).hasSizeGreaterThan(800_000);
    }

    @Test
    void h6_aConnectionLivesOnAfterAnEarlyRefusalOfASmallBody() throws Exception {
        // Given no memory
        door = new DoorFixture(40 << 20);
        long most = door.budget.available(Use.RECEIVE);
        assertThat(door.budget.tryReserve(Use.RECEIVE, most)).isTrue();
        byte[] body = Requests.bigSpan(500_000);
        // When many bodies are refused, with a length and in chunks, Then each sender sees why
        for (int i = 0; i < 10; i++) {
            HttpResponse<byte[]> answer = post("/v1/traces", PROTOBUF, body);
            assertThat(answer.statusCode()).isEqualTo(429);
            assertThat(answer.headers().firstValue("Connection")).isEmpty();
            assertThat(send(request("/v1/traces", PROTOBUF, chunked(body))).statusCode())
                    .isEqualTo(429);
        }
        // When there is memory again, Then the same connection takes it
        door.budget.release(Use.RECEIVE, most);
        assertThat(post("/v1/traces", PROTOBUF, body).statusCode()).isEqualTo(200);
        assertThat(door.doors.http().openConnections()).isEqualTo(1);
    }

    @Test
    void h6_aConnectionIsClosedWhenTheRestOfARefusedBodyIsLongOrSlow() throws Exception {
        door = new DoorFixture(40 << 20, "http.limits.body=500ms");
        long most = door.budget.available(Use.RECEIVE);
        assertThat(door.budget.tryReserve(Use.RECEIVE, most)).isTrue();
        String head = "POST /v1/traces HTTP/1.1\r\nHost: a\r\nContent-Type: " + PROTOBUF + "\r\n";
        try (RawSocket slow = new RawSocket(door);
                RawSocket said = new RawSocket(door);
                RawSocket chunked = new RawSocket(door)) {
            slow.send(head + "Content-Length: 100\r\n\r\nabc");
            assertThat(slow.untilClosed()).startsWith("HTTP/1.1 429").doesNotContainIgnoringCase("connection: close");
            said.send(head + "Content-Length: " + (HttpPeer.MOST_SKIPPED + 1) + "\r\n\r\nabc");
            assertThat(said.untilClosed()).startsWith("HTTP/1.1 429").containsIgnoringCase("connection: close");
            chunked.send(head + "Transfer-Encoding: chunked\r\n\r\n1000000\r\na");
            assertThat(chunked.statusLine()).startsWith("HTTP/1.1 429");
            Throwable cut = catchThrowable(() -> {
                for (int i = 0; i < 128; i++) {
                    chunked.send(new byte[64 << 10]);
                }
            });
            assertThat(cut == null ? chunked.untilClosed() : "").doesNotContain("200");
            assertThat(door.doors.http().receivedBytes()).isLessThan(2 << 20);
        }
        door.budget.release(Use.RECEIVE, most);
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
        assertThat(preflight("https://evil.example").statusCode()).isEqualTo(405);
    }

    @Test
    void h9_aSlowBodyIsAnswered408AndClosed() throws Exception {
        door = new DoorFixture("http.limits.body=300ms");
        try (RawSocket raw = new RawSocket(door)) {
            raw.send("POST /v1/traces HTTP/1.1\r\nHost: a\r\nContent-Type: " + PROTOBUF
                    + "\r\nContent-Length: 100\r\n\r\nabc");
            assertThat(raw.untilClosed()).startsWith("HTTP/1.1 408");
        }
    }

    @Test
    void h9_aSlowHeaderIsClosed() throws Exception {
        door = new DoorFixture("http.limits.header=300ms");
        try (RawSocket silent = new RawSocket(door);
                RawSocket slow = new RawSocket(door)) {
            slow.send("POST /v1/traces HTTP/1.1\r\nHos");
            assertThat(slow.untilClosed()).isEmpty();
            assertThat(silent.untilClosed()).isEmpty();
        }
    }

    @Test
    void h9_anIdleConnectionIsClosedButNotBefore() throws Exception {
        door = new DoorFixture("http.limits.idle=2s", "http.limits.header=500ms");
        String request =
                "POST /v1/traces HTTP/1.1\r\nHost: a\r\nContent-Type: " + PROTOBUF + "\r\nContent-Length: 0\r\n\r\n";
        try (RawSocket raw = new RawSocket(door)) {
            long start = System.nanoTime();
            raw.send(request);
            assertThat(raw.untilClosed()).startsWith("HTTP/1.1 200");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(1500));
        }
    }

    @Test
    void h9_anOldConnectionEndsWithItsNextAnswer() throws Exception {
        door = new DoorFixture("http.limits.connection-age=500ms");
        String request =
                "POST /v1/traces HTTP/1.1\r\nHost: a\r\nContent-Type: " + PROTOBUF + "\r\nContent-Length: 0\r\n\r\n";
        try (RawSocket raw = new RawSocket(door)) {
            raw.send(request);
            assertThat(raw.statusLine()).startsWith("HTTP/1.1 200");
            await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
            raw.send(request);
            assertThat(raw.untilClosed()).contains("HTTP/1.1 200").containsIgnoringCase("connection: close");
        }
    }

    @Test
    void h9_anOldHttp2ConnectionIsToldToGoAwayAndClosed() throws Exception {
        door = new DoorFixture("http.limits.connection-age=500ms");
        try (RawSocket raw = new RawSocket(door)) {
            raw.send(RawGrpc.PREFACE).send(RawGrpc.SETTINGS);
            byte goAway = 7;
            assertThat(raw.untilClosed()).contains(new String(new byte[] {0, 0, 8, goAway}, ISO_8859_1));
        }
    }

    @Test
    void h9_aLargeHeaderIs431() throws Exception {
        door = new DoorFixture();
        try (RawSocket raw = new RawSocket(door)) {
            raw.send("POST /v1/traces HTTP/1.1\r\nHost: a\r\nX: " + "x".repeat(20_000) + "\r\n\r\n");
            assertThat(raw.untilClosed()).startsWith("HTTP/1.1 431");
        }
    }

    @Test
    void connectionsOverTheLimitAreClosed() throws Exception {
        door = new DoorFixture("http.limits.connections=1");
        try (RawSocket first = new RawSocket(door);
                RawSocket second = new RawSocket(door)) {
            first.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(first.statusLine()).startsWith("HTTP/1.1 404");
            second.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(second.untilClosed()).doesNotContain("404");
        }
    }

    @Test
    void expect100ContinueIsAnsweredBeforeTheBody() throws Exception {
        door = new DoorFixture();
        byte[] spans = Requests.spans(1);
        try (RawSocket raw = new RawSocket(door)) {
            raw.send("POST /v1/traces HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: " + PROTOBUF
                    + "\r\nExpect: 100-continue\r\nContent-Length: " + spans.length + "\r\n\r\n");
            assertThat(raw.statusLine()).startsWith("HTTP/1.1 100");
            assertThat(raw.send(spans).untilClosed()).contains("HTTP/1.1 200");
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws Exception {
        door = new DoorFixture();
        String head = "POST /v1/traces HTTP/1.1\r\nHost: a\r\nContent-Type: " + PROTOBUF + "\r\nContent-Length: ";
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        byte[] spans = Requests.spans(1);
        both.writeBytes((head + spans.length + "\r\n\r\n").getBytes());
        both.writeBytes(spans);
        both.writeBytes(("GET /v1/traces HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").getBytes());
        try (RawSocket raw = new RawSocket(door)) {
            assertThat(raw.send(both.toByteArray()).untilClosed()).containsSubsequence("200 OK", "405");
        }
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

    @Test
    void aSenderThatGoesAwayGivesItsBytesBack() throws Exception {
        door = new DoorFixture();
        try (RawSocket raw = new RawSocket(door)) {
            raw.send("POST /v1/traces HTTP/1.1\r\nHost: a\r\nContent-Type: " + PROTOBUF
                    + "\r\nContent-Length: 1000000\r\n\r\nabc");
            await().until(() -> door.budget.used() == 1_000_000);
        }
        await().until(() -> door.budget.used() == 0);
    }

    private HttpResponse<byte[]> preflight(String origin) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(door.http("/v1/traces")))
                .version(HttpClient.Version.HTTP_1_1)
                .method("OPTIONS", BodyPublishers.noBody())
                .header("Origin", origin)
                .header("Access-Control-Request-Method", "POST"));
    }

    private int postEncoded(String encoding, byte[] body) throws Exception {
        return send(request("/v1/traces", PROTOBUF, BodyPublishers.ofByteArray(body))
                        .header("Content-Encoding", encoding))
                .statusCode();
    }

    private HttpResponse<byte[]> post(String path, String type, byte[] body) throws Exception {
        return send(request(path, type, BodyPublishers.ofByteArray(body)));
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private HttpRequest.Builder request(String path, String type, BodyPublisher body) {
        return HttpRequest.newBuilder(URI.create(door.http(path)))
                .version(HttpClient.Version.HTTP_1_1)
                .timeout(Duration.ofSeconds(20))
                .header("Content-Type", type)
                .POST(body);
    }

    private static BodyPublisher chunked(byte[] body) {
        return BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body));
    }
}
