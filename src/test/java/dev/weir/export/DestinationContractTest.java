package dev.weir.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.export.FakeReceiver.Reply;
import dev.weir.pipeline.ByteSize;
import dev.weir.pipeline.Deadline;
import dev.weir.pipeline.Destination;
import dev.weir.pipeline.Destination.WhenFull;
import dev.weir.pipeline.Signal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What every destination does whatever its protocol. */
abstract class DestinationContractTest extends DestinationFixture {

    @Test
    void shouldSendAndReleaseOnce() {
        start();

        send(10);
        send(5);

        awaitSettled();
        assertThat(counts().sent()).isEqualTo(15);
        assertThat(receiver.distinctSpansTaken()).containsExactlyInAnyOrderElementsOf(numbers(15));
        assertThat(status().state()).isEqualTo(DestinationStatus.State.OK);
        assertThat(status().lastSuccessAt()).isNotNull();
    }

    @Test
    void shouldMarkWhatItSends() {
        start();

        send(1);

        awaitSettled();
        assertThat(receiver.requests().getFirst().headers()).containsEntry("weir-hop", "ours");
    }

    @Test
    void shouldLoseNothingToRandomRetryableErrors() {
        Random random = new Random(7);
        receiver.answer(request -> random.nextInt(3) == 0 ? new Reply.Retryable(-1) : FakeReceiver.OK);
        start();

        for (int i = 0; i < 40; i++) {
            send(5);
        }

        awaitSettled();
        assertThat(counts().sent()).isEqualTo(200);
        assertThat(receiver.spansTaken()).containsExactlyInAnyOrderElementsOf(numbers(200));
    }

    @Test
    void shouldCountRandomPermanentErrorsAndNeverTryAgain() {
        Random random = new Random(8);
        receiver.answer(request -> random.nextInt(3) == 0 ? new Reply.Permanent("no") : FakeReceiver.OK);
        start();

        for (int i = 0; i < 40; i++) {
            send(5);
        }

        awaitSettled();
        assertThat(receiver.requests()).hasSize(40);
        assertThat(counts().sent()).isEqualTo(receiver.spansTaken().size());
        assertThat(dropped()).isEqualTo(200 - counts().sent()).isPositive();
        assertThat(counts().dropped())
                .hasSize(1)
                .allSatisfy(
                        (reason, items) -> assertThat(reason).isIn("permanent_invalid_argument", "permanent_http_400"));
    }

    @Test
    void shouldCountWhatThePartialSuccessRejects() {
        receiver.answer(request -> new Reply.Partial(3, "too old"));
        start();

        send(10);

        awaitSettled();
        assertThat(counts().sent()).isEqualTo(7);
        assertThat(counts().rejected()).isEqualTo(3);
        assertThat(receiver.requests()).hasSize(1);
        assertThat(status().lastError()).isEqualTo("3 items rejected: too old");
    }

    @Test
    void shouldNotCountMoreRejectedThanSent() {
        receiver.answer(request -> new Reply.Partial(Long.MAX_VALUE, "nonsense"));
        start();

        send(10);

        awaitSettled();
        assertThat(counts().rejected()).isEqualTo(10);
        assertThat(counts().sent()).isZero();
    }

    @Test
    void shouldTryAgainWhatHangsOrIsReset() {
        config.timeout = Duration.ofMillis(300);
        receiver.answer(request -> switch (request.number()) {
            case 0 -> new Reply.Hang();
            case 1 -> new Reply.Reset();
            default -> FakeReceiver.OK;
        });
        start();

        send(10);

        awaitSettled();
        assertThat(counts().sent()).isEqualTo(10);
        assertThat(receiver.requests()).hasSize(3);
        assertThat(status().retries()).isEqualTo(2);
    }

    @Test
    void shouldLoseNothingWhenTheDestinationIsKilledAndComesBack() {
        start();
        for (int i = 0; i < 20; i++) {
            send(5);
        }
        await().until(() -> !receiver.requests().isEmpty());

        receiver.stop();
        for (int i = 0; i < 20; i++) {
            send(5);
        }
        await().until(() -> status().state() == DestinationStatus.State.RETRYING);
        receiver.start();

        awaitSettled();
        assertThat(counts().sent()).isEqualTo(200);
        assertThat(receiver.distinctSpansTaken()).containsExactlyInAnyOrderElementsOf(numbers(200));
        // Duplicates are requests that were tried again, and no others.
        assertThat(receiver.spansTaken().size() - 200L).isLessThanOrEqualTo(5 * status().retries());
    }

    @Test
    void shouldNotHammerADestinationThatIsDown() {
        config.initial = Duration.ofMinutes(1);
        config.max = Duration.ofMinutes(1);
        receiver.answer(request -> new Reply.Retryable(-1));
        start();

        for (int i = 0; i < 50; i++) {
            send(1);
        }

        await().until(() -> status().lastError() != null && status().inFlight() == 0);
        assertThat(receiver.requests()).hasSizeLessThanOrEqualTo(config.concurrency);
        assertThat(counts().queued()).isEqualTo(50);
    }

    @Test
    void shouldDropWholeBatchesWhenFull() {
        config.whenFull = Optional.of(WhenFull.DROP);
        config.size = new ByteSize(FakeReceiver.spans(0, 10).length * 2L);
        receiver.answer(request -> new Reply.Hang());
        start();

        send(10);
        send(10);
        send(10);

        assertThat(counts().dropped()).isEqualTo(Map.of("queue_full", 10L));
        assertThat(counts().queued()).isEqualTo(20);
        assertThat(counts().missing()).isZero();
        assertThat(batchesHeld()).isEqualTo(2);
    }

    @Test
    void shouldRefuseWhenFullAndTakeNothing() {
        config.whenFull = Optional.of(WhenFull.REFUSE);
        config.size = new ByteSize(100);
        start();
        Destination destination = exporters.destinations().getFirst();

        assertThat(destination.tryReserve(Signal.TRACES, 3, 60)).isTrue();
        assertThat(destination.tryReserve(Signal.TRACES, 3, 60)).isFalse();
        assertThat(counts().enqueued()).isEqualTo(3);
        destination.unreserve(Signal.TRACES, 3, 60);

        assertThat(counts().enqueued()).isZero();
        assertThat(destination.tryReserve(Signal.TRACES, 1, 1000))
                .describedAs("an empty queue takes anything")
                .isTrue();
        destination.unreserve(Signal.TRACES, 1, 1000);
    }

    @Test
    void shouldSendWhatIsQueuedWithinTheDeadline() {
        start();
        for (int i = 0; i < 50; i++) {
            send(2);
        }

        exporters.drain(Deadline.in(Duration.ofSeconds(20)));

        assertThat(counts().sent()).isEqualTo(100);
        assertThat(counts().queued()).isZero();
    }

    @Test
    void shouldCountAsShutdownWhatTheDeadlineCutsOff() {
        receiver.answer(request -> new Reply.Hang());
        start();
        for (int i = 0; i < 10; i++) {
            send(2);
        }
        await().until(() -> receiver.requests().size() == config.concurrency);

        exporters.drain(Deadline.in(Duration.ofMillis(200)));

        assertThat(counts().dropped()).isEqualTo(Map.of("shutdown", 20L));
    }

    @Test
    void shouldKeepTryingUntilTheDeadline() {
        config.initial = Duration.ofMinutes(1);
        config.max = Duration.ofMinutes(1);
        receiver.answer(request -> request.number() < 3 ? new Reply.Retryable(-1) : FakeReceiver.OK);
        start();
        send(2);
        await().until(() -> status().lastError() != null);
        Deadline deadline = Deadline.in(Duration.ofSeconds(8));

        exporters.drain(deadline);

        assertThat(counts().sent()).isEqualTo(2);
        assertThat(receiver.requests()).hasSize(4);
        assertThat(deadline.isOver()).isFalse();
    }

    @Test
    void shouldGiveUpAtTheDeadline() {
        receiver.answer(request -> new Reply.Retryable(3600));
        start();
        send(2);
        await().until(() -> status().lastError() != null);

        exporters.drain(Deadline.in(Duration.ofSeconds(1)));

        assertThat(receiver.requests()).hasSizeGreaterThan(2);
        assertThat(counts().dropped()).isEqualTo(Map.of("shutdown", 2L));
    }

    @Test
    void shouldBeSilentAfterTheDeadlineOfTheDrain() {
        start();
        exporters.drain(Deadline.in(Duration.ZERO));

        send(4);

        awaitSettled();
        assertThat(receiver.requests()).isEmpty();
        assertThat(counts().dropped()).isEqualTo(Map.of("shutdown", 4L));
    }

    @Test
    void shouldBeSilentAfterClose() {
        start();
        exporters.close();

        send(4);

        awaitSettled();
        assertThat(receiver.requests()).isEmpty();
        assertThat(counts().dropped()).isEqualTo(Map.of("shutdown", 4L));
    }

    @Test
    void shouldSendWhatComesBetweenTwoDrainsToOneDeadline() {
        start();
        Deadline deadline = Deadline.in(Duration.ofSeconds(20));
        send(3);
        exporters.drain(deadline);

        send(4);
        exporters.drain(deadline);

        assertThat(counts().sent()).isEqualTo(7);
    }
}
