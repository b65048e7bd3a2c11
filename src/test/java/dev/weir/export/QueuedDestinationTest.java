package dev.weir.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.otlp.RequestBytes;
import dev.weir.pipeline.Batch;
import dev.weir.pipeline.ByteSize;
import dev.weir.pipeline.DestinationLedger;
import dev.weir.pipeline.EventLog;
import dev.weir.pipeline.Ledger;
import dev.weir.pipeline.Signal;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
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

    private static final Outcome TOO_LARGE = new Outcome.TooLarge("http_413", "");

    private final TestConfig config = new TestConfig();
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

    @Test
    void shouldNotHoldMoreThanTheQueueWhenEverythingIsTooLarge() {
        // Given a queue full of batches, all too large, and a destination that is slow to take the parts
        byte[] batch = FakeReceiver.spans(0, 4_000);
        int length = batch.length;
        config.size = new ByteSize(10L * length);
        config.concurrency = 20;
        List<Runnable> answers = new ArrayList<>();
        QueuedDestination destination = destination(loop, (bytes, done) -> {
            boolean whole = bytes.length > 3 * length / 4;
            answers.add(() -> done.accept(whole ? TOO_LARGE : TAKEN));
        });
        for (int i = 0; i < 9; i++) {
            send(destination, batch, 4_000);
        }
        loop.runTasks();

        // When
        long most = 0;
        while (!answers.isEmpty()) {
            answers.removeFirst().run();
            loop.runTasks();
            most = Math.max(most, destination.status().queuedBytes());
        }

        // Then all arrived, and hardly more was held than the queue may: the parts of one batch
        assertThat(counts().sent()).isEqualTo(9 * 4_000);
        assertThat(most).isGreaterThan(9L * length).isLessThan((long) (11.1 * length));
        assertThat(destination.status().queuedBytes()).isZero();
        assertThat(released).isEqualTo(9);
    }

    @Test
    void shouldCutAtOnceWhenThereIsRoom() {
        // Given
        byte[] batch = FakeReceiver.spans(0, 4_000);
        List<Integer> lengths = new ArrayList<>();
        QueuedDestination destination = destination(loop, (bytes, done) -> {
            lengths.add(bytes.length);
            if (bytes.length == batch.length) {
                done.accept(TOO_LARGE);
            }
        });

        // When
        send(destination, batch, 4_000);
        send(destination, batch, 4_000);
        loop.runTasks();

        // Then parts of both are under way
        assertThat(lengths).hasSize(2 + 4);
        assertThat(destination.status().queuedBytes())
                .isBetween((long) (3.9 * batch.length), (long) (4.1 * batch.length));
        destination.drain(loop.nanoTime());
        loop.pass(Duration.ofSeconds(1));
        assertThat(counts().dropped()).isEqualTo(Map.of("shutdown", 8_000L));
        assertThat(destination.status().queuedBytes()).isZero();
    }

    @Test
    void shouldDropWhatWouldBeTooMuchInParts() {
        // Given items whose resource is much larger than they are
        byte[] batch = ExportTraceServiceRequest.newBuilder()
                .addResourceSpans(ResourceSpans.newBuilder()
                        .setResource(Resource.newBuilder()
                                .addAttributes(KeyValue.newBuilder().setKey("k".repeat(400_000))))
                        .addScopeSpans(ScopeSpans.newBuilder()
                                .addAllSpans(Collections.nCopies(
                                        1_000, Span.newBuilder().setName("a").build()))))
                .build()
                .toByteArray();
        QueuedDestination destination = destination(loop, (bytes, done) -> done.accept(TOO_LARGE));

        // When
        send(destination, batch, 1_000);
        loop.runTasks();

        // Then
        assertThat(counts().dropped()).isEqualTo(Map.of("too_large", 1_000L));
        assertThat(destination.status().queuedBytes()).isZero();
        assertThat(errors).isEmpty();
    }

    private DestinationLedger.Counts counts() {
        return ledger.destination("backend").read(Signal.TRACES);
    }

    private void send(QueuedDestination destination, byte[] bytes, int items) {
        assertThat(destination.tryReserve(Signal.TRACES, items, bytes.length)).isTrue();
        destination.enqueue(
                new Batch(Signal.TRACES, RequestBytes.of(bytes), items, 0, 1, () -> released++), bytes.length);
    }

    private QueuedDestination destination(Loop on, Script script) {
        Plan plan = Plan.of("backend", Map.of("backend", config), Long.MAX_VALUE, new Random(1));
        Transport transport = new Transport() {
            @Override
            public Call send(Signal signal, RequestBytes bytes, int items, Consumer<Outcome> done) {
                script.send(bytes.toArray(), done);
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
