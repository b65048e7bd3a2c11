package dev.weir.receive;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.pipeline.Signal;
import io.grpc.ManagedChannel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Senders that do not read their answers: what they cost is bounded, in bytes and in time. */
class UnreadAnswersTest {

    /** More answers than the sockets and we hold together. */
    private static final int MANY = 1_000_000;

    private static final byte[] NOTHING = new byte[0];

    private final byte[] spans = Requests.spans(1);
    private DoorFixture door;

    @AfterEach
    void close() {
        door.close();
    }

    /** Calls whose answers wait are open ones: with 256, the default, their number ends it first. */
    @ParameterizedTest
    @ValueSource(ints = {256, Integer.MAX_VALUE})
    void aGrpcSenderThatReadsNoAnswersIsNotServedOnAndReset(int streams) throws Exception {
        door = new DoorFixture(
                "grpc.limits.body=2s", "grpc.limits.connection-age=1h", "grpc.limits.streams=" + streams);
        try (Socket socket = connect(door.doors.grpcPort())) {
            OutputStream out = socket.getOutputStream();
            out.write(RawGrpc.PREFACE);
            out.write(RawGrpc.SETTINGS);
            assertThat(isCutOff(out, i -> RawGrpc.export(2 * i + 1, NOTHING))).isTrue();
        }
        await().until(() -> door.doors.grpc().openConnections() == 0);
        assertThat(door.doors.grpc().requests().get("accepted")).isBetween(Math.min(streams, 1000L), MANY / 2L);
        othersAreServed();
    }

    @Test
    void anHttpSenderThatReadsNoAnswersIsNotServedOnAndReset() throws Exception {
        door = new DoorFixture("http.limits.body=2s");
        byte[] request = ("POST /v1/traces HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-protobuf\r\n"
                        + "Content-Length: 0\r\n\r\n")
                .getBytes(ISO_8859_1);
        try (Socket socket = connect(door.doors.httpPort())) {
            assertThat(isCutOff(socket.getOutputStream(), i -> request)).isTrue();
        }
        await().until(() -> door.doors.http().openConnections() == 0);
        assertThat(door.doors.http().requests().get("accepted")).isBetween(1000L, MANY / 2L);
        othersAreServed();
    }

    @Test
    void aGrpcSenderThatDoesNotReadOneAnswerIsResetInTime() throws Exception {
        door = new DoorFixture("grpc.limits.body=500ms", "grpc.limits.connection-age=1h");
        try (Socket socket = connect(door.doors.grpcPort())) {
            OutputStream out = socket.getOutputStream();
            out.write(RawGrpc.PREFACE);
            out.write(RawGrpc.SETTINGS_NO_WINDOW);
            out.write(RawGrpc.export(1, spans));
            await().until(() -> door.stage.payloads.size() == 1);
            await().atMost(Duration.ofSeconds(10)).until(() -> door.doors.grpc().openConnections() == 0);
        }
        othersAreServed();
    }

    @Test
    void anHttp2SenderThatDoesNotReadOneAnswerIsResetInTime() throws Exception {
        door = new DoorFixture("http.limits.body=500ms", "http.limits.idle=1h", "http.limits.connection-age=1h");
        try (Socket socket = connect(door.doors.httpPort())) {
            OutputStream out = socket.getOutputStream();
            out.write(RawGrpc.PREFACE);
            out.write(RawGrpc.SETTINGS_NO_WINDOW);
            // what is no export over HTTP: the answer has a body
            out.write(RawGrpc.export(1, spans));
            await().until(() -> door.doors.http().requests().containsKey("protocol"));
            await().atMost(Duration.ofSeconds(10)).until(() -> door.doors.http().openConnections() == 0);
        }
        othersAreServed();
    }

    @Test
    void aConnectionWhoseAnswersAreReadIsNotReset() throws Exception {
        door = new DoorFixture("grpc.limits.body=300ms", "http.limits.body=300ms");
        ManagedChannel channel = door.connect();
        for (int i = 0; i < 20; i++) {
            GrpcCalls.export(channel, Signal.TRACES, spans);
        }
        // When it is quiet for longer than an answer may take
        await().pollDelay(Duration.ofMillis(800)).until(() -> true);
        // Then
        assertThat(door.doors.grpc().openConnections()).isEqualTo(1);
        GrpcCalls.export(channel, Signal.TRACES, spans);
        channel.shutdownNow();
    }

    private static Socket connect(int port) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4096);
        socket.connect(new InetSocketAddress("127.0.0.1", port));
        return socket;
    }

    private static boolean isCutOff(OutputStream out, IntFunction<byte[]> requests) {
        ByteArrayOutputStream some = new ByteArrayOutputStream();
        try {
            for (int i = 0; i < MANY; i++) {
                some.writeBytes(requests.apply(i));
                if (some.size() > 8192) {
                    some.writeTo(out);
                    some.reset();
                }
            }
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    private void othersAreServed() {
        ManagedChannel channel = door.connect();
        GrpcCalls.export(channel, Signal.TRACES, spans);
        channel.shutdownNow();
    }
}
