package dev.weir.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.weir.pipeline.Deadline;
import dev.weir.pipeline.MemoryBudget.Use;
import dev.weir.pipeline.Signal;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whatever is under way when the doors close is answered, settled, and does not keep them. */
class DoorsCloseTest {

    private DoorFixture door;

    @AfterEach
    void close() {
        door.close();
    }

    @Test
    void whatStillWaitsToBeDecodedIsRefusedAsDraining() throws Exception {
        // Given every decoder is held up, and three more big messages wait
        door = new DoorFixture();
        int decoders = Math.max(1, Math.min(2, Runtime.getRuntime().availableProcessors() - 1));
        CountDownLatch go = new CountDownLatch(1);
        door.stage.answering(payload -> {
            boolean interrupted = false;
            while (go.getCount() > 0) {
                try {
                    go.await();
                } catch (InterruptedException closing) {
                    interrupted = true;
                }
            }
            assertThat(interrupted).as("told that the doors close").isTrue();
            door.stage.acceptAndDeliver(payload);
        });
        byte[] big = Requests.bigSpan(2 << 20);
        ManagedChannel channel = door.connect();
        List<GrpcCalls.Answer> answers = new ArrayList<>();
        for (int i = 0; i < decoders + 3; i++) {
            answers.add(GrpcCalls.start(channel, big, true));
            int charged = i + 1;
            await().until(() -> door.budget.used(Use.RECEIVE) >= (long) charged * big.length);
        }
        await().until(() -> door.stage.payloads.size() == decoders);
        // When
        Thread closing = Thread.ofPlatform().start(() -> door.doors.close(Deadline.in(Duration.ofMillis(200))));
        // Then those that wait are told, and the others are settled when they are done
        for (int i = decoders; i < answers.size(); i++) {
            StatusRuntimeException e = catchThrowableOfType(StatusRuntimeException.class, answers.get(i)::get);
            assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(GrpcCalls.retryInfo(e)).isNotNull();
        }
        go.countDown();
        assertThat(closing.join(Duration.ofSeconds(30))).isTrue();
        await().until(() -> door.budget.used() == 0);
        assertThat(door.ledger.read(Signal.TRACES).refusedRequests()).containsEntry("draining", 3L);
        assertThat(door.ledger.read(Signal.TRACES).received()).isEqualTo(decoders);
        channel.shutdownNow();
    }

    @Test
    void sendersThatNeverFinishKeepTheDoorsOpenForSecondsOnly() throws Exception {
        // Given requests of which the last byte does not come, and one that the pipeline does not answer
        door = new DoorFixture("answer-within=1m");
        door.stage.silent();
        ManagedChannel channel = door.connect();
        GrpcCalls.start(channel, Requests.spans(1), false);
        GrpcCalls.start(channel, Requests.spans(1), true);
        try (RawSocket raw = new RawSocket(door)) {
            raw.send("POST /v1/traces HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-protobuf\r\n"
                    + "Content-Length: 100\r\n\r\nabc");
            await().until(() ->
                    door.stage.payloads.size() == 1 && door.doors.http().openConnections() == 1);
            // When
            long start = System.nanoTime();
            door.doors.close(Deadline.in(Duration.ofMinutes(1)));
            // Then
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(9));
            assertThat(raw.untilClosed()).doesNotContain("200");
        }
        await().until(() -> door.doors.grpc().openConnections() == 0);
        door.stage.acceptAndDeliver(door.stage.payloads.get(0));
        channel.shutdownNow();
    }
}
