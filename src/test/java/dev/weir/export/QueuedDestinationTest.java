package dev.weir.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.pipeline.Batch;
import dev.weir.pipeline.DestinationLedger;
import dev.weir.pipeline.EventLog;
import dev.weir.pipeline.Ledger;
import dev.weir.pipeline.Signal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The queue and its counters when something breaks. */
class QueuedDestinationTest {

    private static final Outcome TAKEN = new Outcome.Taken(0, "");

    private final Ledger ledger = new Ledger();
    private final ManualLoop loop = new ManualLoop();
    private final List<String> errors = new ArrayList<>();
    private int released;

    @AfterEach
    void theLawHolds() {
        assertThat(ledger.violations()).isEmpty();
        assertThat(counts().queued()).isZero();
    }

    @Test
    void shouldDropWhatThrowsAndTellItOnce() {
        // Given
        QueuedDestination destination = destination(loop, (bytes, done) -> {
            if (bytes.length > 2) {
                throw new IllegalStateException("a bug");
            }
            done.accept(TAKEN);
        });

        // When
        send(destination, new byte[3], 5);
        send(destination, new byte[2], 7);
        send(destination, new byte[3], 5);
        loop.runTasks();

        // Then
        assertThat(counts().sent()).isEqualTo(7);
        assertThat(counts().dropped()).isEqualTo(Map.of("internal_error", 10L));
        assertThat(released).isEqualTo(3);
        assertThat(destination.status().queuedBytes()).isZero();
        assertThat(destination.status().inFlight()).isZero();
        assertThat(errors).singleElement().asString().contains("IllegalStateException: a bug at dev.weir.export");
    }

    @Test
    void shouldDropWhatTheLoopDoesNotTake() {
        // Given a loop that has ended
        Loop ended = new ManualLoop() {
            @Override
            public void run(Runnable task) {
                throw new RejectedExecutionException("event loop is down");
            }
        };
        QueuedDestination destination = destination(ended, (bytes, done) -> done.accept(TAKEN));

        // When
        send(destination, new byte[3], 5);

        // Then
        assertThat(counts().dropped()).isEqualTo(Map.of("internal_error", 5L));
        assertThat(released).isEqualTo(1);
        assertThat(destination.status().queuedBytes()).isZero();
        assertThat(errors).hasSize(1);
    }

    private DestinationLedger.Counts counts() {
        return ledger.destination("backend").read(Signal.TRACES);
    }

    private void send(QueuedDestination destination, byte[] bytes, int items) {
        assertThat(destination.tryReserve(Signal.TRACES, items, bytes.length)).isTrue();
        destination.enqueue(new Batch(Signal.TRACES, bytes, items, 0, 1, () -> released++), bytes.length);
    }

    private QueuedDestination destination(Loop on, Script script) {
        TestConfig config = new TestConfig();
        Plan plan = Plan.of("backend", Map.of("backend", config), Long.MAX_VALUE, new Random(1));
        Transport transport = new Transport() {
            @Override
            public Call send(Signal signal, byte[] bytes, int items, Consumer<Outcome> done) {
                script.send(bytes, done);
                return () -> {};
            }

            @Override
            public void close() {}
        };
        return new QueuedDestination(
                plan,
                on,
                transport,
                ledger.destination("backend"),
                new EventLog(line -> {}, () -> 0, Duration.ofSeconds(30)),
                new EventLog(errors::add, () -> 0, Duration.ofSeconds(30)),
                new Progress(InstantSource.system()));
    }

    private interface Script {
        void send(byte[] bytes, Consumer<Outcome> done);
    }
}
