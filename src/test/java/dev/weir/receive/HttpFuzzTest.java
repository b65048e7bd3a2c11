package dev.weir.receive;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.pipeline.Signal;
import io.grpc.ManagedChannel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Random bytes and mutated requests at the HTTP door: always an answer or a close, and the door goes on. Runs for {@code
 * -Dweir.fuzz.seconds} (3 by default); a finding is repeated with {@code -Dweir.fuzz.seed}.
 */
@Timeout(value = 1, unit = TimeUnit.DAYS) // as long as it is asked to
class HttpFuzzTest {

    private static final String[] PIECES = {
        "\r\n",
        "\r\n\r\n",
        "Content-Length: 5\r\n",
        "Transfer-Encoding: chunked\r\n",
        "Content-Encoding: gzip\r\n",
        "Content-Encoding: zstd\r\n",
        "Expect: 100-continue\r\n",
        "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n",
        "Connection: Upgrade, HTTP2-Settings\r\n",
        "Content-Type: application/json\r\n",
        "ffffffff\r\n",
        "0\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "GET / HTTP/1.0\r\n\r\n",
        "Content-Length: -1\r\n",
        "\0",
        "5\r\nhello\r\n"
    };

    /** However slow the machine is; an input can take until a limit of the door closes the connection. */
    private static final int AT_LEAST_INPUTS = 10;

    private static final int AT_LEAST_BODIES = 300;

    private static final String JSON_MARKS = "{}[]\",:\\ue-.0tfn \0";

    @Test
    void everyInputGetsAnAnswerOrAClose() throws Exception {
        long seed = Long.getLong("weir.fuzz.seed", System.nanoTime());
        long end = System.nanoTime()
                + Duration.ofSeconds(Integer.getInteger("weir.fuzz.seconds", 3)).toNanos();
        Random random = new Random(seed);
        try (DoorFixture door =
                new DoorFixture("http.limits.header=300ms", "http.limits.body=300ms", "http.limits.idle=300ms")) {
            int inputs = 0;
            do {
                inputs++;
                byte[] input = input(random);
                try (RawSocket raw = new RawSocket(door)) {
                    try {
                        raw.send(input);
                    } catch (IOException closedEarly) {
                        continue;
                    }
                    raw.untilClosed();
                } catch (AssertionError | RuntimeException e) {
                    throw new AssertionError("seed " + seed + ", input " + new String(input, ISO_8859_1), e);
                }
            } while (inputs < AT_LEAST_INPUTS || System.nanoTime() < end);
            ManagedChannel channel = door.connect();
            assertThat(GrpcCalls.export(channel, Signal.TRACES, Requests.spans(1)))
                    .isEmpty();
            channel.shutdownNow();
            try (RawSocket raw = new RawSocket(door)) {
                raw.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                assertThat(raw.statusLine()).startsWith("HTTP/1.1 404");
            }
        }
    }

    /** Sound HTTP around JSON that is not: {@code -Dweir.fuzz.seconds}, but at least a few hundred bodies. */
    @Test
    void everyJsonBodyIsTakenOrRefused() throws Exception {
        long seed = Long.getLong("weir.fuzz.seed", System.nanoTime());
        long end = System.nanoTime()
                + Duration.ofSeconds(Integer.getInteger("weir.fuzz.seconds", 3)).toNanos();
        Random random = new Random(seed);
        int taken = 0;
        int refused = 0;
        // One connection for as long as it takes: at the usual age it would be closed with an answer
        try (DoorFixture door = new DoorFixture("http.limits.connection-age=1d");
                RawSocket raw = new RawSocket(door)) {
            do {
                byte[] body = damaged(Requests.json().getBytes(ISO_8859_1), random);
                String answer = raw.send(("POST /v1/traces HTTP/1.1\r\nHost: a\r\nContent-Type: application/json"
                                        + "\r\nContent-Length: " + body.length + "\r\n\r\n")
                                .getBytes(ISO_8859_1))
                        .send(body)
                        .answer();
                assertThat(answer)
                        .as("seed %d, body %s", seed, new String(body, ISO_8859_1))
                        .matches("(?s)HTTP/1.1 (200|400) .*");
                if (answer.startsWith("HTTP/1.1 200")) {
                    taken++;
                } else {
                    refused++;
                    assertThat(answer).contains("\"code\":3");
                }
            } while (System.nanoTime() < end || taken + refused < AT_LEAST_BODIES);
            assertThat(door.doors.http().openConnections()).isEqualTo(1);
        }
        assertThat(taken).isPositive();
        assertThat(refused).isPositive();
    }

    private static byte[] input(Random random) {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        boolean json = random.nextBoolean();
        byte[] sound = json ? Requests.json().getBytes(ISO_8859_1) : Requests.spans(2);
        byte[] damaged = damaged(sound, random);
        boolean zipped = random.nextInt(3) == 0;
        byte[] body = zipped ? Requests.gzip(damaged) : damaged;
        request.writeBytes(("POST /v1/traces HTTP/1.1\r\nHost: a\r\nContent-Type: application/"
                        + (json ? "json" : "x-protobuf") + "\r\n" + (zipped ? "Content-Encoding: gzip\r\n" : ""))
                .getBytes(ISO_8859_1));
        for (int i = random.nextInt(4); i > 0; i--) {
            request.writeBytes(PIECES[random.nextInt(PIECES.length)].getBytes(ISO_8859_1));
        }
        request.writeBytes(("Content-Length: " + body.length + "\r\n\r\n").getBytes(ISO_8859_1));
        request.writeBytes(body);
        byte[] bytes = request.toByteArray();
        if (random.nextInt(8) == 0) {
            random.nextBytes(bytes);
        }
        for (int i = random.nextBoolean() ? 0 : random.nextInt(6); i > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return random.nextInt(3) == 0 ? Arrays.copyOf(bytes, bytes.length - random.nextInt(bytes.length / 2)) : bytes;
    }

    /** So that what is behind the HTTP parser is reached: half of the bodies are sound, the others come whole too. */
    private static byte[] damaged(byte[] body, Random random) {
        byte[] bytes = body.clone();
        if (random.nextBoolean()) {
            return bytes;
        }
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            int at = random.nextInt(bytes.length);
            bytes[at] = random.nextBoolean()
                    ? (byte) JSON_MARKS.charAt(random.nextInt(JSON_MARKS.length()))
                    : (byte) random.nextInt(256);
        }
        return random.nextInt(4) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
    }
}
