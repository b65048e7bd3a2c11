package dev.weir.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.export.BrokenPort.Fault;
import dev.weir.export.FakeReceiver.Reply;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What every destination does, whatever its protocol, when what it sends to breaks and mends: nothing is lost. */
abstract class OutageContractTest extends DestinationFixture {

    private static final int BATCHES = 20;
    private static final int SPANS = 5 * BATCHES;

    @Test
    void shouldLoseNothingWhenTheDestinationIsGoneForTwentySeconds() {
        // Given the default pauses, and a destination that is gone
        SteppedLoop loop = startWithoutDestination();

        // When it has been gone for 20 s
        loop.pass(Duration.ofSeconds(20));
        assertThat(status().state()).isEqualTo(DestinationStatus.State.RETRYING);
        assertThat(status().attempts())
                .describedAs("all at once, then one after 1, 2.5, 4.75, 8.1 and 13.2 s")
                .isEqualTo(config.concurrency + 5L);
        receiver.start();

        // Then all arrives with the next try, after 20.8 s
        loop.pass(Duration.ofMillis(700));
        assertThat(receiver.requests()).isEmpty();
        loop.pass(Duration.ofMillis(100));
        assertThat(status().state()).isEqualTo(DestinationStatus.State.OK);
        assertThat(status().attempts()).isEqualTo(config.concurrency + 5L + BATCHES);
        assertThatAllArrive();
        assertThat(receiver.requests()).hasSize(BATCHES);
    }

    @Test
    void shouldTellThatTheDestinationFailsWhenItIsGoneForHalfAMinute() {
        SteppedLoop loop = startWithoutDestination();

        loop.pass(Duration.ofSeconds(32));
        assertThat(status().state()).isEqualTo(DestinationStatus.State.RETRYING);
        loop.pass(Duration.ofSeconds(1)); // there is a try after 20.8 s, and one after 32.2 s
        assertThat(status().state()).isEqualTo(DestinationStatus.State.FAILING);
        assertThat(counts().queued()).isEqualTo(SPANS);
        receiver.start();

        loop.pass(Duration.ofSeconds(20));
        assertThat(status().state()).isEqualTo(DestinationStatus.State.OK);
        assertThatAllArrive();
    }

    @Test
    void shouldLoseNothingWhenTheDestinationIsGoneForAlmostAsLongAsItIsTried() {
        // Given a destination that has been gone for 290 s of the 300 that a batch is tried
        SteppedLoop loop = startWithoutDestination();
        loop.pass(Duration.ofSeconds(290));
        assertThat(counts().queued()).isEqualTo(SPANS);

        // When it comes back
        receiver.start();
        loop.pass(config.max);

        // Then the next try finds it
        assertThatAllArrive();
    }

    @Test
    void shouldDropAndCountWhatWasTriedForAsLongAsItMayBe() {
        // Given a destination that is gone for longer than retry.total and a pause
        SteppedLoop loop = startWithoutDestination();
        loop.pass(config.total.plus(config.max));

        // When it comes back
        receiver.start();
        loop.pass(config.max);

        // Then what was tried first is lost and counted, and what was first tried later arrives
        awaitSettled();
        int lost = Math.toIntExact(dropped());
        assertThat(lost).isBetween(config.concurrency * SPANS / BATCHES, SPANS - 1);
        assertThat(counts().dropped()).containsOnlyKeys("retries_exhausted");
        assertThat(counts().sent()).isEqualTo(SPANS - lost);
        assertThat(receiver.distinctSpansTaken())
                .containsExactlyInAnyOrderElementsOf(numbers(SPANS).subList(lost, SPANS));
    }

    private SteppedLoop startWithoutDestination() {
        config.initial = Duration.ofSeconds(1);
        config.max = Duration.ofSeconds(30);
        receiver.stop();
        SteppedLoop loop = startStepped();
        loop.run(this::sendAll); // all is there before the first answer is
        return loop;
    }

    @Test
    void shouldLoseNothingWhenConnectionsAreReset() {
        receiver.stop();
        try (BrokenPort broken = new BrokenPort(receiver.port(), Fault.RESET)) {
            start();
            sendAll();
            await().until(() -> broken.connections() >= 3 && status().retries() >= 3);
        }
        receiver.start();

        assertThatAllArrive();
    }

    @Test
    void shouldLoseNothingWhenConnectionsHang() {
        config.timeout = Duration.ofMillis(300);
        receiver.stop();
        try (BrokenPort broken = new BrokenPort(receiver.port(), Fault.HANG)) {
            start();
            sendAll();
            await().until(() -> broken.connections() >= 1 && status().retries() >= 3);
        }
        receiver.start();

        assertThatAllArrive();
    }

    @Test
    void shouldLoseNothingToAMixOfEverythingThatMends() {
        config.timeout = Duration.ofMillis(500);
        receiver.answer(request -> switch (request.number() % 6) {
            case 0 -> new Reply.Hang();
            case 1 -> new Reply.Reset();
            case 2 -> new Reply.Retryable(0);
            default -> FakeReceiver.OK;
        });
        start();
        sendAll();

        assertThatAllArrive();
    }

    private void sendAll() {
        for (int i = 0; i < BATCHES; i++) {
            send(SPANS / BATCHES);
        }
    }

    private void assertThatAllArrive() {
        awaitSettled();
        assertThat(counts().sent()).isEqualTo(SPANS);
        assertThat(counts().dropped()).isEmpty();
        assertThat(receiver.distinctSpansTaken()).containsExactlyInAnyOrderElementsOf(numbers(SPANS));
    }
}
