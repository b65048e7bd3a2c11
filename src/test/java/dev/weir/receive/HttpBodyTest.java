package dev.weir.receive;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.luben.zstd.ZstdOutputStream;
import dev.weir.pipeline.MemoryBudget.Use;
import dev.weir.pipeline.Payload;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;

/** Bodies at the HTTP door: how they are encoded, how long they may be, and the memory that they take. */
class HttpBodyTest extends HttpPosts {

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
    void shouldChargeTheCopyWithoutBadSpans() throws Exception {
        byte[] spans = Requests.spans(5_000, 1);
        // Given room for the message, but not for another
        door = new DoorFixture(2L * spans.length);
        assertThat(post("/v1/traces", PROTOBUF, spans).statusCode()).isEqualTo(413);
        assertThat(door.stage.payloads).isEmpty();
        door.close();

        // Given room for both
        door = new DoorFixture(4L * spans.length);
        AtomicLong charged = new AtomicLong();
        door.stage.answering(payload -> {
            charged.set(door.budget.used(Use.RECEIVE));
            door.stage.acceptAndDeliver(payload);
        });
        assertThat(post("/v1/traces", PROTOBUF, spans).statusCode()).isEqualTo(200);
        int copy = door.stage.payloads.getFirst().bytes().length;
        assertThat(copy).isLessThan(spans.length);
        assertThat(charged.get()).isGreaterThanOrEqualTo(spans.length + copy);
    }

    @Test
    void shouldLetTheSenderTryAgainWhenAStageHasNoMemory() throws Exception {
        door = new DoorFixture();
        door.stage.answering(payload -> {
            throw new OutOfMemoryError("a test");
        });
        HttpResponse<byte[]> answer = post("/v1/traces", PROTOBUF, Requests.spans(1));
        assertThat(answer.statusCode()).isIn(429, 503);
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
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
    void jsonThatBecomesALittleMoreThanHalfIsNotChargedForTheMostItCouldBecome() throws Exception {
        // Given 1.2 MB of text that become 1 MB, and 4.8 MiB for one sender: five times the text would not fit
        door = new DoorFixture(8 << 20);
        String json =
                "{\"resourceMetrics\":[{\"scopeMetrics\":[{\"metrics\":[{\"name\":\"m\",\"histogram\":{\"dataPoints\":"
                        + "[{\"explicitBounds\":[" + "0.1234567,".repeat(120_000) + "0]}]}}]}]}]}";
        // When, Then
        assertThat(post("/v1/metrics", JSON, json.getBytes()).statusCode()).isEqualTo(200);
        await().until(() -> door.budget.used() == 0);
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

    @Test
    void h4_bigJsonBodiesThatFollowEachOtherDoNotMix() throws Exception {
        door = new DoorFixture();
        for (int spans : new int[] {14_000, 12_000, 13_000}) {
            byte[] body = json(spans);
            assertThat(body.length).isGreaterThan(1 << 20);
            assertThat(post("/v1/traces", JSON, body).statusCode()).isEqualTo(200);
            assertThat(postEncoded("gzip", Requests.gzip(Requests.spans(spans))))
                    .isEqualTo(200);
        }
        assertThat(door.stage.payloads)
                .extracting(Payload::items)
                .containsExactly(14_000, 14_000, 12_000, 12_000, 13_000, 13_000);
        // nothing in front of what is there, and nothing behind it
        assertThat(post("/v1/traces", JSON, (new String(json(12_500), ISO_8859_1) + "}").getBytes(ISO_8859_1))
                        .statusCode())
                .isEqualTo(400);
    }

    private static byte[] json(int spans) {
        StringBuilder text = new StringBuilder("{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[");
        for (int i = 1; i <= spans; i++) {
            text.append(i == 1 ? "" : ",")
                    .append("{\"traceId\":\"%032x\",\"spanId\":\"%016x\",\"name\":\"GET /orders\"}".formatted(i, i));
        }
        return text.append("]}]}]}").toString().getBytes(ISO_8859_1);
    }
}
