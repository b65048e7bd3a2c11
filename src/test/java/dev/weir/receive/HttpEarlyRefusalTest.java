package dev.weir.receive;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.pipeline.MemoryBudget.Use;
import dev.weir.tls.Certificates;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * HTTP/1.1 senders that are refused while they send, and look for their answer only when they have sent everything: they
 * see it, and no reset.
 */
class HttpEarlyRefusalTest {

    private static final String HEAD =
            "POST /v1/traces HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-protobuf\r\n";
    private static final int BODY = 32 << 20;

    private DoorFixture door;

    @AfterEach
    void close() {
        door.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Connection: close\r\n"})
    void h6_aSenderOfALongBodySeesThatThereIsNoMemory(String connection) throws Exception {
        door = new DoorFixture(64 << 20);
        long most = door.budget.available(Use.RECEIVE) - (1 << 20);
        assertThat(door.budget.tryReserve(Use.RECEIVE, most)).isTrue();
        assertThat(answerAfterEverythingIsSent(connection + "Content-Length: " + BODY + "\r\n\r\n", BODY))
                .startsWith("HTTP/1.1 429")
                .containsIgnoringCase("retry-after")
                .containsIgnoringCase("connection: close")
                .doesNotContain("reset");
        door.budget.release(Use.RECEIVE, most);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Connection: close\r\n"})
    void h4_aSenderOfABodyOverTheLimitSeesThatItIsTooLarge(String connection) throws Exception {
        door = new DoorFixture("http.max-message-size=1MiB");
        assertThat(answerAfterEverythingIsSent(connection + "Content-Length: " + BODY + "\r\n\r\n", BODY))
                .startsWith("HTTP/1.1 413")
                .doesNotContain("reset");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Connection: close\r\n"})
    void h6_aSenderOfALongBodySeesThatWeAreDraining(String connection) throws Exception {
        door = new DoorFixture();
        door.doors.refuseNew();
        assertThat(answerAfterEverythingIsSent(connection + "Content-Length: " + BODY + "\r\n\r\n", BODY))
                .startsWith("HTTP/1.1 503")
                .doesNotContain("reset");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Connection: close\r\n"})
    void h4_aSenderOfOneLongChunkSeesThatItIsTooLarge(String connection) throws Exception {
        door = new DoorFixture("http.max-message-size=1MiB");
        String head = connection + "Transfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(2 * BODY) + "\r\n";
        assertThat(answerAfterEverythingIsSent(head, BODY))
                .startsWith("HTTP/1.1 413")
                .doesNotContain("reset");
    }

    @Test
    void h6_whatFollowsARefusedBodyOnAConnectionThatEndsIsNotTaken() throws Exception {
        door = new DoorFixture("http.max-message-size=1MiB");
        byte[] spans = Requests.spans(1);
        try (RawSocket raw = new RawSocket(door)) {
            raw.send(HEAD + "Content-Length: " + (2 << 20) + "\r\n\r\n").send(new byte[2 << 20]);
            raw.send(HEAD + "Content-Length: " + spans.length + "\r\n\r\n").send(spans);
            assertThat(raw.untilClosed()).startsWith("HTTP/1.1 413").doesNotContain("200 OK");
        }
        assertThat(door.stage.payloads).isEmpty();
    }

    @Test
    void h6_aRefusedSenderThatSendsOnWithoutEndIsCutOff() throws Exception {
        door = new DoorFixture("http.max-message-size=1MiB");
        try (RawSocket raw = new RawSocket(door)) {
            raw.send(HEAD + "Content-Length: 99999999999\r\n\r\n");
            IOException cut = null;
            byte[] some = new byte[1 << 20];
            for (int i = 0; i < 1000 && cut == null; i++) {
                try {
                    raw.send(some);
                } catch (IOException e) {
                    cut = e;
                }
            }
            assertThat(cut).isNotNull();
        }
        await().until(() -> door.doors.http().openConnections() == 0);
    }

    @Test
    void h6_aRefusedSenderThatStopsIsClosed() throws Exception {
        door = new DoorFixture("http.max-message-size=1MiB");
        try (RawSocket raw = new RawSocket(door)) {
            raw.send(HEAD + "Content-Length: " + BODY + "\r\n\r\nabc");
            assertThat(raw.untilClosed()).startsWith("HTTP/1.1 413").doesNotContain("reset");
            // our side of it, at once; all of it, when nothing has come for a while
            await().atMost(Duration.ofSeconds(8)).until(() -> door.doors.http().openConnections() == 0);
        }
    }

    @Test
    void h6_aSenderOfALongBodySeesItsRefusalOverTls(@TempDir Path directory) throws Exception {
        Path certificate = directory.resolve("s.crt");
        Path key = directory.resolve("s.key");
        Certificates.make(directory, "weir", "san=dns:localhost").write(certificate, key);
        door = new DoorFixture(
                "http.max-message-size=1MiB", "http.tls.cert-file=" + certificate, "http.tls.key-file=" + key);
        Socket socket =
                Certificates.trusting(certificate).getSocketFactory().createSocket("127.0.0.1", door.doors.httpPort());
        try (RawSocket raw = new RawSocket(socket)) {
            raw.send(HEAD + "Content-Length: " + BODY + "\r\n\r\n").send(new byte[BODY]);
            assertThat(raw.statusLine()).startsWith("HTTP/1.1 413");
        }
    }

    private String answerAfterEverythingIsSent(String restOfHead, int bytes) throws IOException {
        try (RawSocket raw = new RawSocket(door)) {
            raw.send((HEAD + restOfHead).getBytes(ISO_8859_1)).send(new byte[bytes]);
            return raw.untilClosed();
        }
    }
}
