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
        config.initial = Duration.ofSeconds(1);
        config.max = Duration.ofSeconds(30);
        receiver.stop();
        start();
        sendAll();

        // When it comes back
        Duration gone = Duration.ofSeconds(20);
        long begun = System.nanoTime();
        await().atMost(gone.multipliedBy(2)).until(() -> System.nanoTime() - begun >= gone.toNanos());
        assertThat(status().state()).isEqualTo(DestinationStatus.State.RETRYING);
        assertThat(status().attempts())
                .describedAs("%d at once, then one after 1, 2.5, 4.75, 8.1, 13.2 and 20.8 s", config.concurrency)
                .isBetween(config.concurrency + 1L, config.concurrency + 7L);
        restart();

        // Then
        assertThatAllArrive();
    }

    @Test
    void shouldLoseNothingWhenConnectionsAreReset() {
        receiver.stop();
        try (BrokenPort broken = broken(Fault.RESET)) {
            start();
            sendAll();
            await().until(() -> broken.connections() >= 3 && status().retries() >= 3);
        }
        restart();

        assertThatAllArrive();
    }

    @Test
    void shouldLoseNothingWhenConnectionsHang() {
        config.timeout = Duration.ofMillis(300);
        receiver.stop();
        try (BrokenPort broken = broken(Fault.HANG)) {
            start();
            sendAll();
            await().until(() -> broken.connections() >= 1 && status().retries() >= 3);
        }
        restart();

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

    private BrokenPort broken(Fault fault) {
        return await().atMost(Duration.ofSeconds(70))
                .ignoreExceptions()
                .until(() -> new BrokenPort(receiver.port(), fault), port -> true);
    }

    /** The port may be taken for a moment: by what its last owner left open, or by somebody's connection. */
    private void restart() {
        await().atMost(Duration.ofSeconds(70)).ignoreExceptions().until(() -> {
            receiver.start();
            return true;
        });
    }
}
