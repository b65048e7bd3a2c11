package dev.weir.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Bad senders and bad destinations against {@code memory.limit: 192MiB}. After each: small requests are still answered, they
 * arrive, and the ledger balances.
 */
class HostileIT {

    private static final int LIMIT_MEBIBYTES = 192;
    /**
     * What may be resident above the limit at the worst moment of an attack; docs/components/gateway.md says so. The JVM's own
     * share is planned within the limit, and the peak of a steady load is within it too (docs/measurements.md). Before that was
     * planned, 225 MiB were measured in the worst of these tests, on Linux x86-64.
     */
    private static final int ALLOWANCE_MEBIBYTES = 48;

    private static final int CONNECTIONS = 1000;
    private static final int ALMOST_FOUR_MEBIBYTES = (4 << 20) - 1;

    @TempDir
    Path directory;

    private final RecordingReceiver receiver = new RecordingReceiver();
    private final List<Socket> sockets = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        receiver.close();
    }

    @Test
    void shouldServeOthersBesideAThousandIdleConnections() throws IOException {
        try (WeirProcess weir = start(receiver.asDestination())) {
            for (int i = 0; i < CONNECTIONS; i++) {
                connect(i % 2 == 0 ? weir.grpcPort() : weir.httpPort());
            }

            assertHealthy(weir);
            assertWithinLimit(weir);
        }
    }

    @Test
    void shouldStayWithinItsMemoryWhenAThousandSendersStopBeforeTheLastByte() throws IOException {
        try (WeirProcess weir = start(receiver.asDestination())) {
            byte[] head = ("POST /v1/traces HTTP/1.1\r\nHost: weir\r\nContent-Type: application/x-protobuf\r\n"
                            + "Content-Length: " + (4 << 20) + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
            byte[] body = new byte[ALMOST_FOUR_MEBIBYTES];
            for (int i = 0; i < CONNECTIONS; i++) {
                Socket socket = connect(weir.httpPort());
                Thread.startVirtualThread(() -> sendAsMuchAsIsTaken(socket, head, body));
            }

            // Then: whatever is taken of the four gigabytes, memory stays, and others are served meanwhile
            awaitNoMoreIsTaken(weir);
            assertThat(refused(weir, "memory")).isPositive();
            assertWithinLimit(weir);
            for (Socket socket : sockets) {
                socket.close();
            }
            assertHealthy(weir);
            assertWithinLimit(weir);
        }
    }

    @Test
    void shouldStopADecompressionBombAtTheLimit() throws IOException {
        try (WeirProcess weir = start(receiver.asDestination())) {
            byte[] bomb = gzippedZeros(512 << 20);

            int status = Http.post(weir.httpUrl() + "/v1/traces", "application/x-protobuf", "gzip", bomb)
                    .statusCode();

            assertThat(status).as("too large, or no memory for it now").isIn(413, 429);
            assertThat(refused(weir, status == 413 ? "too_large" : "memory")).isEqualTo(1);
            assertHealthy(weir);
            assertWithinLimit(weir);
        }
    }

    @Test
    void shouldRefuseDeepJson() {
        try (WeirProcess weir = start(receiver.asDestination())) {
            String deep = "{\"resourceSpans\":" + "[{\"a\":".repeat(5000) + "1" + "}]".repeat(5000) + "}";

            int status = Http.post(
                            weir.httpUrl() + "/v1/traces", "application/json", deep.getBytes(StandardCharsets.UTF_8))
                    .statusCode();

            assertThat(status).isEqualTo(400);
            assertThat(refused(weir, "invalid")).isEqualTo(1);
            assertHealthy(weir);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldNotHoldOthersBackForABadDestination(BadDestination.Behaviour behaviour) {
        try (BadDestination bad = new BadDestination(behaviour);
                WeirProcess weir = start(receiver.asDestination() + """
                          bad:
                            protocol: grpc
                            endpoint: "http://127.0.0.1:%d"
                            timeout: 1s
                            retry: { initial: 100ms, max: 200ms, total: 2s }
                            queue: { size: 1MiB, when-full: drop }
                        """.formatted(bad.port()));
                OtlpClient client = new OtlpClient(weir.grpcPort())) {
            // When: three times what its queue holds
            for (int i = 0; i < 80; i++) {
                client.export(Samples.spans("bad-" + behaviour, 100));
            }

            // Then
            await().untilAsserted(() -> assertThat(receiver.itemCount()).isEqualTo(80 * 100));
            assertHealthy(weir);
            JsonNode ledger = weir.status().at("/destinations/bad/ledger/traces");
            if (behaviour == BadDestination.Behaviour.REJECTS) {
                assertThat(ledger.path("rejected").asLong()).isPositive();
                assertThat(ledger.path("sent").asLong()).isZero();
            } else {
                assertThat(ledger.path("dropped")).isNotEmpty();
            }
        }
    }

    private WeirProcess start(String destinations) {
        return WeirProcess.start(
                directory,
                "memory: { limit: " + LIMIT_MEBIBYTES + "MiB }\n" + destinations,
                Map.of("MALLOC_ARENA_MAX", "2"),
                WeirProcess.jvmOptionsFor(LIMIT_MEBIBYTES));
    }

    private static double refused(WeirProcess weir, String reason) {
        return weir.metric("weir_receive_refused_requests_total", "reason=\"" + reason + "\"");
    }

    /** Small requests are answered at both doors and arrive, and the ledger balances. */
    private void assertHealthy(WeirProcess weir) {
        int before = receiver.itemCount();
        try (OtlpClient client = new OtlpClient(weir.grpcPort())) {
            for (int i = 0; i < 10; i++) {
                client.export(Samples.logs("small", 5));
                byte[] small = Samples.spans("small", 5).toByteArray();
                await().atMost(Duration.ofSeconds(10))
                        .untilAsserted(() -> assertThat(
                                        Http.post(weir.httpUrl() + "/v1/traces", "application/x-protobuf", small)
                                                .statusCode())
                                .isEqualTo(200));
            }
        }
        await().untilAsserted(() -> assertThat(receiver.itemCount()).isEqualTo(before + 10 * (5 + 5)));
        weir.awaitBalancedLedger();
    }

    private static void assertWithinLimit(WeirProcess weir) {
        assertThat(weir.process().peakResidentBytes() >> 20)
                .as("most resident memory, MiB")
                .isLessThanOrEqualTo(LIMIT_MEBIBYTES + ALLOWANCE_MEBIBYTES);
    }

    private static void awaitNoMoreIsTaken(WeirProcess weir) {
        long[] before = {-1};
        await().atMost(Duration.ofSeconds(40))
                .pollInterval(Duration.ofMillis(500))
                .until(() -> {
                    long now = weir.status().at("/doors/http/receivedBytes").asLong();
                    boolean still = now == before[0];
                    before[0] = now;
                    return still;
                });
    }

    private static void sendAsMuchAsIsTaken(Socket socket, byte[] head, byte[] body) {
        try {
            socket.getOutputStream().write(head);
            socket.getOutputStream().write(body);
        } catch (IOException refused) {
            return;
        }
    }

    private Socket connect(int port) throws IOException {
        Socket socket = new Socket("127.0.0.1", port);
        sockets.add(socket);
        return socket;
    }

    private static byte[] gzippedZeros(int length) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < length >> 20; i++) {
                gzip.write(zeros);
            }
        }
        return bytes.toByteArray();
    }
}
