package dev.weir.receive;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.pipeline.MemoryBudget.Use;
import dev.weir.pipeline.Signal;
import io.grpc.ManagedChannel;
import io.netty.util.internal.PlatformDependent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Senders that mean no good, or do not know better. What a well-behaved sender sees meanwhile, and what they cost. */
class AbuseTest {

    private static final int MANY = 1000;
    private static final int HALF = (4 << 20) - 1;
    /** The launcher gives network buffers a quarter of memory.limit, and the budget is 30 % of it (no store, no policies). */
    private static final LongUnaryOperator DIRECT_OF_BUDGET = budget -> (long) (budget / 0.3 * 0.25);

    private final List<SocketChannel> sockets = new ArrayList<>();
    private DoorFixture door;

    @AfterEach
    void close() throws IOException {
        for (SocketChannel socket : sockets) {
            socket.close();
        }
        if (door != null) {
            door.close();
        }
    }

    @Test
    void manyHalfGrpcMessagesStayWithinTheBudget() throws Exception {
        door = new DoorFixture(64 << 20);
        byte[] start = RawGrpc.join(
                RawGrpc.PREFACE,
                RawGrpc.SETTINGS,
                RawGrpc.headers(1),
                RawGrpc.data(1, RawGrpc.messagePrefix(HALF + 1)));
        // Of the 4 MiB less a byte only a window's worth, in frames of the largest size: more than enough to fill the
        // budget.
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        // until our acknowledgement of its settings the window is 64 KiB
        data.writeBytes(RawGrpc.SETTINGS_ACKNOWLEDGED);
        for (int i = 0; i < (1 << 20) / 16384 - 1; i++) {
            data.writeBytes(RawGrpc.data(1, new byte[16384]));
        }
        staysWithinTheBudget(door.doors.grpcPort(), start, data.toByteArray(), true);
        assertThat(door.ledger.read(Signal.TRACES).refusedRequests()).containsKey("memory");
    }

    @Test
    void tinyFramesAmongUnknownOnesPinNoMoreThanIsCharged() throws Exception {
        // Given reads that are nearly all of a type that nobody knows, each with one byte of a message that never ends
        door = new DoorFixture(64 << 20);
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        for (int i = 0; i < 6; i++) {
            read.writeBytes(RawGrpc.unknown(new byte[16384]));
        }
        read.writeBytes(RawGrpc.data(1, new byte[1]));
        byte[] start = RawGrpc.join(
                RawGrpc.PREFACE,
                RawGrpc.SETTINGS,
                RawGrpc.headers(1),
                RawGrpc.data(1, RawGrpc.messagePrefix(HALF + 1)));
        long directBefore = directMemory();
        long mostDirect = 0;
        // When
        for (int i = 0; i < 30; i++) {
            SocketChannel socket = SocketChannel.open(new InetSocketAddress("127.0.0.1", door.doors.grpcPort()));
            sockets.add(socket);
            socket.write(ByteBuffer.wrap(start));
            for (int k = 0; k < 40; k++) {
                socket.write(ByteBuffer.wrap(read.toByteArray()));
            }
            mostDirect = Math.max(mostDirect, directMemory() - directBefore);
        }
        // Then they were taken, and cost what was charged
        await().until(() -> door.doors.grpc().receivedBytes() >= 30 * 40);
        mostDirect = Math.max(mostDirect, directMemory() - directBefore);
        assertThat(mostDirect).as("direct memory").isLessThan(DIRECT_OF_BUDGET.applyAsLong(door.budget.limit()));
        for (SocketChannel socket : sockets) {
            socket.close();
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> door.budget.used() == 0);
    }

    @Test
    void manyHalfHttpBodiesStayWithinTheBudget() throws Exception {
        door = new DoorFixture(64 << 20);
        String head = "POST /v1/traces HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-protobuf\r\n";
        staysWithinTheBudget(
                door.doors.httpPort(),
                (head + "Content-Length: " + (HALF + 1) + "\r\n\r\n").getBytes(ISO_8859_1),
                new byte[1 << 20],
                false);
        assertThat(door.ledger.read(Signal.TRACES).refusedRequests()).containsKey("memory");
    }

    @Test
    void manyIdleConnectionsHoldNobodyUp() throws Exception {
        door = new DoorFixture("http.limits.header=2s");
        for (int i = 0; i < MANY; i++) {
            sockets.add(SocketChannel.open(
                    new InetSocketAddress("127.0.0.1", i % 2 == 0 ? door.doors.grpcPort() : door.doors.httpPort())));
        }
        ManagedChannel channel = door.connect();
        GrpcCalls.export(channel, Signal.TRACES, Requests.spans(1));
        channel.shutdownNow();
        assertThat(door.budget.used()).isZero();
        SocketChannel silent = sockets.get(1);
        assertThat(silent.read(ByteBuffer.allocate(1))).as("closed by the door").isEqualTo(-1);
    }

    @Test
    void twentyBigJsonBodiesAtOnceAreAnsweredOrRefusedAndNothingStaysCharged() throws Exception {
        door = new DoorFixture(128 << 20);
        byte[] body = ("{\"x\":\"" + "a".repeat(8 << 20) + "\"}").getBytes(ISO_8859_1);
        List<RawSocket> senders = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            RawSocket raw = new RawSocket(door);
            senders.add(raw);
            Thread.ofVirtual().start(() -> {
                try {
                    raw.send(
                                    "POST /v1/traces HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json"
                                            + "\r\nContent-Length: " + body.length + "\r\n\r\n")
                            .send(body);
                } catch (IOException refused) {
                    // the door has answered and closed before it had everything
                }
            });
        }
        for (RawSocket sender : senders) {
            assertThat(sender.untilClosed()).matches("(?s)(HTTP/1.1 (200|400|429).*)|(.*reset.*)");
            sender.close();
        }
        await().untilAsserted(() -> assertThat(door.budget.used(Use.RECEIVE)).isZero());
    }

    /**
     * A thousand connections send so much and stop: never more than the budget is charged, network buffers stay within what
     * the launcher gives them, and who sends little is served meanwhile.
     */
    private void staysWithinTheBudget(int port, byte[] start, byte[] data, boolean doorSpeaksFirst) throws Exception {
        ManagedChannel channel = door.connect();
        GrpcCalls.export(channel, Signal.TRACES, Requests.spans(1));
        long directBefore = directMemory();
        long mostUsed = 0;
        long mostDirect = 0;
        for (int i = 0; i < MANY; i++) {
            SocketChannel socket = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
            sockets.add(socket);
            socket.write(ByteBuffer.wrap(start));
            if (doorSpeaksFirst) {
                assertThat(socket.read(ByteBuffer.allocate(64))).isPositive();
            }
            socket.configureBlocking(false);
            try {
                socket.write(ByteBuffer.wrap(data));
            } catch (IOException refusedAlready) {
                // answered and closed: that is what the budget is for
            }
            mostUsed = Math.max(mostUsed, door.budget.used());
            mostDirect = Math.max(mostDirect, directMemory() - directBefore);
            if (i % 100 == 99) {
                GrpcCalls.export(channel, Signal.TRACES, Requests.spans(1));
            }
        }
        assertThat(mostUsed).isPositive().isLessThanOrEqualTo(door.budget.limit());
        assertThat(mostDirect).as("direct memory").isLessThan(DIRECT_OF_BUDGET.applyAsLong(door.budget.limit()));
        for (SocketChannel socket : sockets) {
            socket.close();
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> door.budget.used() == 0);
        GrpcCalls.export(channel, Signal.TRACES, Requests.spans(1));
        channel.shutdownNow();
    }

    /**
     * All of this process, whatever its allocator: grpc-java has one of its own, and the HTTP door uses another. Our client's
     * few buffers count too. Netty counts what it gets past the JVM, where it may.
     */
    private static long directMemory() {
        long direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
        return direct + Math.max(0, PlatformDependent.usedDirectMemory());
    }
}
