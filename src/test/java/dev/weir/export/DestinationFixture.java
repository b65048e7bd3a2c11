package dev.weir.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.otlp.RequestBytes;
import dev.weir.pipeline.Batch;
import dev.weir.pipeline.Destination;
import dev.weir.pipeline.DestinationLedger;
import dev.weir.pipeline.Hop;
import dev.weir.pipeline.Ledger;
import dev.weir.pipeline.Signal;
import io.opentelemetry.api.OpenTelemetry;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A destination, its receiver and its ledger; after each test the law of the ledger holds. */
abstract class DestinationFixture {

    static final Vertx VERTX = Vertx.vertx();
    static final String NAME = "backend";

    /** As random bits: half as a fraction. */
    private static final long HALF_OF_ALL_NUMBERS = 1L << 63;

    private final AtomicInteger holding = new AtomicInteger();
    Ledger ledger;
    FakeReceiver receiver;
    TestConfig config;
    Exporters exporters;
    private long nextSpan;

    abstract FakeReceiver newReceiver();

    @BeforeEach
    void startReceiver() {
        ledger = new Ledger();
        receiver = newReceiver();
        config = TestConfig.to(receiver);
    }

    @AfterEach
    void theLawHoldsAndEveryBatchIsReleased() {
        if (exporters != null) {
            exporters.close();
        }
        receiver.close();
        assertThat(ledger.violations()).isEmpty();
        assertThat(holding).hasValue(0);
        assertThat(counts().queued()).isZero();
        if (exporters != null) {
            assertThat(exporters.status().getFirst().queuedBytes()).isZero();
            assertThat(exporters.status().getFirst().inFlight()).isZero();
        }
    }

    void start() {
        start(new Exporters.Timing(() -> new VertxLoop(VERTX), InstantSource.system(), new Random()));
    }

    /** In the time of the loop that is returned, and with pauses that are neither shortened nor lengthened. */
    SteppedLoop startStepped() {
        SteppedLoop loop = new SteppedLoop(VERTX, () -> status().inFlight() > 0);
        start(new Exporters.Timing(() -> loop, loop::instant, () -> HALF_OF_ALL_NUMBERS));
        return loop;
    }

    private void start(Exporters.Timing timing) {
        exporters = new Exporters(
                Map.of(NAME, config),
                VERTX,
                ledger,
                OpenTelemetry.noop().getTracer("test"),
                Long.MAX_VALUE,
                new Hop("ours"),
                timing);
    }

    void send(int items) {
        send(Signal.TRACES, FakeReceiver.spans(nextSpan, items), items);
        nextSpan += items;
    }

    void send(Signal signal, byte[] bytes, int items) {
        Destination destination = exporters.destinations().getFirst();
        assertThat(destination.tryReserve(signal, items, bytes.length)).isTrue();
        holding.incrementAndGet();
        destination.enqueue(
                new Batch(signal, RequestBytes.of(bytes), items, System.nanoTime(), 1, holding::decrementAndGet),
                bytes.length);
    }

    int batchesHeld() {
        return holding.get();
    }

    void awaitSettled() {
        await().atMost(Duration.ofSeconds(20)).until(() -> holding.get() == 0);
    }

    DestinationLedger.Counts counts() {
        return counts(Signal.TRACES);
    }

    DestinationLedger.Counts counts(Signal signal) {
        return ledger.destination(NAME).read(signal);
    }

    long dropped() {
        return counts().dropped().values().stream().mapToLong(Long::longValue).sum();
    }

    DestinationStatus status() {
        return exporters.status().getFirst();
    }

    static List<Long> numbers(int count) {
        return new ArrayList<>(LongStream.range(0, count).boxed().toList());
    }
}
