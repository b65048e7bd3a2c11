package dev.weir.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.weir.pipeline.Signal;
import dev.weir.tls.Certificates;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rows of OTLP conformance about the connections of the gRPC door and their limits, one test each, over real sockets. */
class GrpcConnectionTest {

    private static final int MANY_RESETS = 20_000;

    private DoorFixture door;

    @AfterEach
    void close() {
        door.close();
    }

    @Test
    void g8_anOldConnectionIsToldToGoAway() throws Exception {
        door = new DoorFixture("grpc.limits.connection-age=500ms", "grpc.limits.connection-age-grace=1s");
        ManagedChannel channel = door.connect();
        GrpcCalls.export(channel, Signal.TRACES, Requests.spans(1));
        assertThat(channel.getState(false)).isEqualTo(ConnectivityState.READY);
        await().atMost(5, TimeUnit.SECONDS).until(() -> channel.getState(false) == ConnectivityState.IDLE);
    }

    @Test
    void g8_aCallThatIsOpenAtTheGreatestAgeEndsWellWithinTheGrace() throws Exception {
        door = new DoorFixture(
                "answer-within=1m", "grpc.limits.connection-age=300ms", "grpc.limits.connection-age-grace=30s");
        door.stage.silent();
        ManagedChannel channel = door.connect();
        GrpcCalls.Answer answer = GrpcCalls.start(channel, Requests.spans(1), true);
        await().until(() -> door.stage.payloads.size() == 1);
        // When it has been told to go away, Then the connection stays for the call, and then ends
        await().atMost(5, TimeUnit.SECONDS).until(() -> channel.getState(false) == ConnectivityState.IDLE);
        assertThat(door.doors.grpc().openConnections()).isEqualTo(1);
        door.stage.acceptAndDeliver(door.stage.payloads.getFirst());
        assertThat(answer.get()).isEmpty();
        await().atMost(5, TimeUnit.SECONDS).until(() -> door.doors.grpc().openConnections() == 0);
    }

    @Test
    void g8_aCallThatIsOpenAfterTheGraceIsCut() throws Exception {
        door = new DoorFixture(
                "answer-within=1m", "grpc.limits.connection-age=300ms", "grpc.limits.connection-age-grace=300ms");
        door.stage.silent();
        GrpcCalls.Answer answer = GrpcCalls.start(door.connect(), Requests.spans(1), true);
        assertThat(GrpcCalls.fails(answer::get)).isEqualTo(Status.Code.UNAVAILABLE);
        await().atMost(5, TimeUnit.SECONDS).until(() -> door.doors.grpc().openConnections() == 0);
        door.stage.acceptAndDeliver(door.stage.payloads.getFirst());
    }

    @Test
    void g8_anIdleConnectionIsClosed() throws Exception {
        door = new DoorFixture("grpc.limits.idle=300ms");
        GrpcCalls.export(door.connect(), Signal.TRACES, Requests.spans(1));
        await().atMost(5, TimeUnit.SECONDS).until(() -> door.doors.grpc().openConnections() == 0);
    }

    @Test
    void h9_aSlowMessageEndsWithDeadlineExceeded() throws Exception {
        door = new DoorFixture("grpc.limits.body=300ms");
        GrpcCalls.Answer answer = GrpcCalls.start(door.connect(), Requests.spans(1), false);
        assertThat(GrpcCalls.fails(answer::get)).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        assertThat(door.stage.payloads).isEmpty();
    }

    @Test
    void connectionsOverTheLimitAreClosed() throws Exception {
        door = new DoorFixture("grpc.limits.connections=2");
        GrpcCalls.export(door.connect(), Signal.TRACES, Requests.spans(1));
        GrpcCalls.export(door.connect(), Signal.TRACES, Requests.spans(1));
        assertThat(GrpcCalls.fails(() -> GrpcCalls.export(door.connect(), Signal.TRACES, Requests.spans(1))))
                .isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(door.doors.grpc().refusedConnections()).isPositive();
    }

    @Test
    void silentConnectionsCountAgainstTheLimitAndAreClosed() throws Exception {
        door = new DoorFixture("grpc.limits.connections=2", "grpc.limits.handshake=500ms");
        try (RawSocket silent = new RawSocket(door.doors.grpcPort());
                RawSocket slow = new RawSocket(door.doors.grpcPort())) {
            await().until(() -> door.doors.grpc().openConnections() == 2);
            try (RawSocket third = new RawSocket(door.doors.grpcPort())) {
                assertThat(third.untilClosed()).isIn("", "(reset)");
            }
            assertThat(door.doors.grpc().refusedConnections()).isEqualTo(1);
            slow.send("PRI * HTTP/2.0\r\n");
            silent.untilClosed();
            slow.untilClosed();
        }
        await().until(() -> door.doors.grpc().openConnections() == 0);
    }

    /** One that never acknowledges the limit is held to it too. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void callsOverTheLimitOfAConnectionAreRefusedAndTheOthersGoOn(boolean acknowledged) throws Exception {
        door = new DoorFixture("grpc.limits.streams=2");
        try (RawSocket sender = new RawSocket(door.doors.grpcPort())) {
            sender.send(RawGrpc.PREFACE).send(RawGrpc.SETTINGS);
            if (acknowledged) {
                sender.send(RawGrpc.SETTINGS_ACKNOWLEDGED);
            }
            for (int stream = 1; stream <= 5; stream += 2) {
                sender.send(RawGrpc.headers(stream));
            }
            sender.await(RawGrpc.refusal(5));

            sender.send(RawGrpc.message(1, Requests.spans(1)));
            await().until(() -> door.stage.payloads.size() == 1);
        }
    }

    /** What comes with the end of the handshake is held to it too. */
    @Test
    void callsOverTheLimitAreRefusedOverTls(@TempDir Path directory) throws Exception {
        Path certificate = directory.resolve("s.crt");
        Path key = directory.resolve("s.key");
        Certificates.make(directory, "weir", "san=dns:localhost").write(certificate, key);
        door = new DoorFixture(
                "grpc.limits.streams=2", "grpc.tls.cert-file=" + certificate, "grpc.tls.key-file=" + key);
        SSLSocket socket = (SSLSocket)
                Certificates.trusting(certificate).getSocketFactory().createSocket("127.0.0.1", door.doors.grpcPort());
        SSLParameters http2 = socket.getSSLParameters();
        http2.setApplicationProtocols(new String[] {"h2"});
        socket.setSSLParameters(http2);
        try (RawSocket sender = new RawSocket(socket)) {
            ByteArrayOutputStream atOnce = new ByteArrayOutputStream();
            atOnce.writeBytes(RawGrpc.PREFACE);
            atOnce.writeBytes(RawGrpc.SETTINGS);
            for (int stream = 1; stream <= 5; stream += 2) {
                atOnce.writeBytes(RawGrpc.headers(stream));
            }
            sender.send(atOnce.toByteArray()).await(RawGrpc.refusal(5));
        }
    }

    /** It may cost their setup, and nothing stays. */
    @Test
    void callsThatAreResetAtOnceLeaveNothingBehind() throws Exception {
        door = new DoorFixture();
        try (RawSocket sender = new RawSocket(door.doors.grpcPort())) {
            sender.send(RawGrpc.PREFACE).send(RawGrpc.SETTINGS).send(RawGrpc.SETTINGS_ACKNOWLEDGED);
            for (int i = 0; i < MANY_RESETS; i++) {
                sender.send(RawGrpc.headers(2 * i + 1)).send(RawGrpc.reset(2 * i + 1));
            }
            int last = 2 * MANY_RESETS + 1;
            sender.send(RawGrpc.export(last, Requests.spans(1)));
            await().until(() -> door.stage.payloads.size() == 1);
        }
    }

    @Test
    void aCancelledCallGivesItsBytesBack() throws Exception {
        door = new DoorFixture();
        ClientCall<byte[], byte[]> call = door.connect().newCall(GrpcCalls.method(Signal.TRACES), CallOptions.DEFAULT);
        call.start(new GrpcCalls.Answer(), new Metadata());
        call.sendMessage(Requests.spans(100));
        await().until(() -> door.budget.used() > 0);
        call.cancel("changed my mind", null);
        await().until(() -> door.budget.used() == 0);
        assertThat(door.stage.payloads).isEmpty();
    }

    @Test
    void drainingTellsSendersToGoElsewhereButGoesOnThenRefuses() throws Exception {
        door = new DoorFixture();
        ManagedChannel channel = door.connect();
        GrpcCalls.export(channel, Signal.TRACES, Requests.spans(1));
        door.doors.goAway();
        await().until(() -> door.doors.grpc().openConnections() == 0);
        GrpcCalls.export(channel, Signal.TRACES, Requests.spans(1));
        door.doors.refuseNew();
        StatusRuntimeException e = catchThrowableOfType(
                StatusRuntimeException.class, () -> GrpcCalls.export(channel, Signal.TRACES, Requests.spans(1)));
        assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(GrpcCalls.retryInfo(e)).isNotNull();
        assertThat(door.stage.payloads).hasSize(2);
    }

    @Test
    void g8_pingsMoreOftenThanAllowedEndTheConnectionAndOthersDoNot() throws Exception {
        door = new DoorFixture("grpc.limits.ping-interval=1h");
        try (RawSocket often = new RawSocket(door.doors.grpcPort())) {
            // grpc-java forgives the first two
            often.send(RawGrpc.PREFACE).send(RawGrpc.SETTINGS);
            for (int i = 0; i < 3; i++) {
                often.send(RawGrpc.PING);
            }
            assertThat(often.untilClosed()).contains("too_many_pings");
        }
        door.close();
        door = new DoorFixture("grpc.limits.ping-interval=1ms");
        try (RawSocket seldom = new RawSocket(door.doors.grpcPort())) {
            seldom.send(RawGrpc.PREFACE).send(RawGrpc.SETTINGS);
            for (int i = 0; i < 10; i++) {
                seldom.send(RawGrpc.PING);
                await().pollDelay(Duration.ofMillis(30)).until(() -> true);
            }
            GrpcCalls.export(door.connect(), Signal.TRACES, Requests.spans(1));
            assertThat(door.doors.grpc().openConnections()).isEqualTo(2);
        }
    }
}
