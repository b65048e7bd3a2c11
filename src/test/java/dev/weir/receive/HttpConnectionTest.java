package dev.weir.receive;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.weir.pipeline.MemoryBudget.Use;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections at the HTTP door: when they end, and what else of HTTP they understand. */
class HttpConnectionTest extends HttpPosts {

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
    void h9_aSlowBodyMayBeSentAgainAndItsConnectionIsClosed() throws Exception {
        door = new DoorFixture("http.limits.body=300ms");
        try (RawSocket raw = new RawSocket(door)) {
            raw.send("POST /v1/traces HTTP/1.1\r\nHost: a\r\nContent-Type: " + PROTOBUF
                    + "\r\nContent-Length: 100\r\n\r\nabc");
            assertThat(raw.untilClosed()).startsWith("HTTP/1.1 503").containsIgnoringCase("retry-after: 1\r\n");
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
    void h9_anHttp2ConnectionIsIdleAlthoughTheSenderBrokeOffWhatWasRefused() throws Exception {
        door = new DoorFixture("http.limits.idle=3s", "http.limits.body=500ms");
        try (RawSocket raw = new RawSocket(door)) {
            raw.send(RawGrpc.PREFACE).send(RawGrpc.SETTINGS).send(RawGrpc.SETTINGS_ACKNOWLEDGED);
            long start = System.nanoTime();
            raw.send(RawGrpc.headers(1, "/nowhere", PROTOBUF));
            raw.await("there are /v1/traces");
            raw.send(RawGrpc.reset(1));
            raw.untilClosed();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(2500));
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
        try (RawSocket first = new RawSocket(door)) {
            first.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(first.statusLine()).startsWith("HTTP/1.1 404");
            try (RawSocket second = new RawSocket(door)) {
                assertThat(second.untilClosed()).doesNotContain("HTTP");
            }
        }
    }

    @Test
    void silentConnectionsCountAgainstTheLimit() throws Exception {
        door = new DoorFixture("http.limits.connections=2");
        try (RawSocket first = new RawSocket(door);
                RawSocket second = new RawSocket(door)) {
            await().until(() -> door.doors.http().openConnections() == 2);
            try (RawSocket third = new RawSocket(door)) {
                assertThat(third.untilClosed()).doesNotContain("HTTP");
            }
            assertThat(door.doors.http().refusedConnections()).isEqualTo(1);
            first.close();
            await().until(() -> door.doors.http().openConnections() == 1);
            try (RawSocket next = new RawSocket(door)) {
                next.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                assertThat(next.statusLine()).startsWith("HTTP/1.1 404");
            }
            second.close();
        }
    }

    /** One that never acknowledges the limit is held to it too. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void requestsOverTheLimitOfAnHttp2ConnectionAreRefusedAndTheOthersGoOn(boolean acknowledged) throws Exception {
        door = new DoorFixture("http.limits.streams=2");
        try (RawSocket sender = new RawSocket(door)) {
            sender.send(RawGrpc.PREFACE).send(RawGrpc.SETTINGS);
            if (acknowledged) {
                sender.send(RawGrpc.SETTINGS_ACKNOWLEDGED);
            }
            for (int stream = 1; stream <= 5; stream += 2) {
                sender.send(RawGrpc.headers(stream, "/v1/traces", PROTOBUF));
            }
            sender.await(RawGrpc.refusal(5));

            sender.send(RawGrpc.end(1, Requests.spans(1)));
            await().until(() -> door.stage.payloads.size() == 1);
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
}
