package dev.weir.receive;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.pipeline.Signal;
import io.grpc.ManagedChannel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Random bytes and mutated requests at the HTTP door: always an answer or a close, and the door goes on. Runs for {@code
 * -Dweir.fuzz.seconds} (3 by default); a finding is repeated with {@code -Dweir.fuzz.seed}.
 */
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

    @Test
    void everyInputGetsAnAnswerOrAClose() throws Exception {
        long seed = Long.getLong("weir.fuzz.seed", System.nanoTime());
        long end = System.nanoTime()
                + Duration.ofSeconds(Integer.getInteger("weir.fuzz.seconds", 3)).toNanos();
        Random random = new Random(seed);
        try (DoorFixture door =
                new DoorFixture("http.limits.header=300ms", "http.limits.body=300ms", "http.limits.idle=300ms")) {
            do {
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
            } while (System.nanoTime() < end);
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

    private static byte[] input(Random random) {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        byte[] body = random.nextBoolean() ? Requests.spans(2) : Requests.gzip(Requests.spans(2));
        request.writeBytes(
                "POST /v1/traces HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-protobuf\r\n".getBytes(ISO_8859_1));
        for (int i = random.nextInt(4); i > 0; i--) {
            request.writeBytes(PIECES[random.nextInt(PIECES.length)].getBytes(ISO_8859_1));
        }
        request.writeBytes(("Content-Length: " + body.length + "\r\n\r\n").getBytes(ISO_8859_1));
        request.writeBytes(body);
        byte[] bytes = request.toByteArray();
        if (random.nextInt(8) == 0) {
            random.nextBytes(bytes);
        }
        for (int i = random.nextInt(6); i > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return java.util.Arrays.copyOf(bytes, bytes.length - random.nextInt(bytes.length / 2));
    }
}
