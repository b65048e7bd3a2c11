package dev.weir.export.store;

import static dev.weir.export.store.Traces.of;
import static dev.weir.export.store.Traces.request;
import static dev.weir.export.store.Traces.send;
import static dev.weir.export.store.Traces.span;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.otlp.RequestBytes;
import dev.weir.pipeline.Batch;
import dev.weir.pipeline.Deadline;
import dev.weir.pipeline.Destination.WhenFull;
import dev.weir.pipeline.DestinationLedger;
import dev.weir.pipeline.Ledger;
import dev.weir.pipeline.Signal;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What every destination promises, for the store. */
final class TraceStoreContractTest {

    private final Ledger ledger = new Ledger();
    private final TraceStore store = Traces.store(1 << 20, ledger);
    private final DestinationLedger counted = ledger.destination(TraceStore.NAME);

    @Test
    void shouldCountWhatIsAnnouncedAsQueuedUntilItIsStored() {
        // When
        assertThat(store.tryReserve(Signal.TRACES, 3, 1_000)).isTrue();

        // Then
        assertThat(counted.read(Signal.TRACES).enqueued()).isEqualTo(3);
        assertThat(counted.read(Signal.TRACES).queued()).isEqualTo(3);
        assertThat(ledger.violations()).isEmpty();
    }

    @Test
    void shouldTakeBackAnAnnouncement() {
        // Given
        store.tryReserve(Signal.TRACES, 3, 1_000);

        // When
        store.unreserve(Signal.TRACES, 3, 1_000);

        // Then
        assertThat(counted.read(Signal.TRACES).enqueued()).isZero();
        assertThat(counted.read(Signal.TRACES).queued()).isZero();
    }

    @Test
    void shouldCountAsSentAndReleaseOnce() {
        // Given
        AtomicInteger released = new AtomicInteger();
        byte[] bytes = request(
                        of("shop", span(1, 1, "a").build(), span(2, 2, "b").build()))
                .toByteArray();
        store.tryReserve(Signal.TRACES, 2, bytes.length);

        // When
        store.enqueue(
                new Batch(Signal.TRACES, RequestBytes.of(bytes), 2, 0, 1, released::incrementAndGet), bytes.length);
        store.drain(Deadline.in(Duration.ofSeconds(10)));

        // Then
        assertThat(counted.read(Signal.TRACES).sent()).isEqualTo(2);
        assertThat(counted.read(Signal.TRACES).queued()).isZero();
        assertThat(released).hasValue(1);
        assertThat(ledger.violations()).isEmpty();
    }

    @Test
    void shouldCountWhatItCannotReadAsDroppedAndReleaseIt() {
        // Given
        AtomicInteger released = new AtomicInteger();
        byte[] broken = {10, 100, 1, 2};
        store.tryReserve(Signal.TRACES, 1, broken.length);

        // When
        store.enqueue(
                new Batch(Signal.TRACES, RequestBytes.of(broken), 1, 0, 1, released::incrementAndGet), broken.length);
        store.drain(Deadline.in(Duration.ofSeconds(10)));

        // Then
        assertThat(counted.read(Signal.TRACES).dropped()).containsEntry("internal_error", 1L);
        assertThat(released).hasValue(1);
        assertThat(ledger.violations()).isEmpty();
    }

    @Test
    void shouldNotIndexOnTheCallersThread() throws Exception {
        // Given a batch whose bytes are released by whoever has indexed them
        AtomicReference<Thread> by = new AtomicReference<>();
        byte[] bytes = request(of("shop", span(1, 1, "a").build())).toByteArray();
        store.tryReserve(Signal.TRACES, 1, bytes.length);

        // When
        store.enqueue(
                new Batch(Signal.TRACES, RequestBytes.of(bytes), 1, 0, 1, () -> by.set(Thread.currentThread())),
                bytes.length);
        store.drain(Deadline.in(Duration.ofSeconds(10)));

        // Then
        assertThat(by.get()).isNotNull().isNotSameAs(Thread.currentThread());
        assertThat(by.get().getName()).isEqualTo("weir-store");
    }

    @Test
    void shouldRefuseWhenTheQueueIsFull() {
        // Given
        TraceStore refusing = new TraceStore(1 << 20, 1_000, WhenFull.REFUSE, ledger);

        // When
        assertThat(refusing.tryReserve(Signal.TRACES, 3, 600)).isTrue();
        assertThat(refusing.tryReserve(Signal.TRACES, 3, 600)).isFalse();

        // Then nothing was taken of what was refused
        assertThat(counted.read(Signal.TRACES).enqueued()).isEqualTo(3);
        refusing.unreserve(Signal.TRACES, 3, 600);
        assertThat(refusing.tryReserve(Signal.TRACES, 3, 5_000))
                .describedAs("an empty queue takes anything")
                .isTrue();
        refusing.unreserve(Signal.TRACES, 3, 5_000);
        assertThat(ledger.violations()).isEmpty();
    }

    @Test
    void shouldDropWholeBatchesWhenTheQueueIsFull() throws Exception {
        // Given a store whose thread is busy
        TraceStore dropping = new TraceStore(1 << 20, 200, WhenFull.DROP, ledger);
        CountDownLatch mayGoOn = new CountDownLatch(1);
        AtomicInteger released = new AtomicInteger();
        byte[] bytes = request(of("shop", span(1, 1, "a").build())).toByteArray();
        assertThat(bytes.length).isBetween(101, 200);
        enqueue(dropping, bytes, () -> {
            released.incrementAndGet();
            waitFor(mayGoOn);
        });
        await().until(() -> released.get() == 1);

        // When
        enqueue(dropping, bytes, released::incrementAndGet);
        enqueue(dropping, bytes, released::incrementAndGet);

        // Then
        assertThat(counted.read(Signal.TRACES).dropped()).containsEntry("queue_full", 1L);
        assertThat(released).hasValue(2);
        mayGoOn.countDown();
        dropping.drain(Deadline.in(Duration.ofSeconds(10)));
        assertThat(counted.read(Signal.TRACES).sent()).isEqualTo(2);
        assertThat(released).hasValue(3);
        assertThat(ledger.violations()).isEmpty();
    }

    @Test
    void shouldDropAtTheDeadlineWhatIsNotStored() throws Exception {
        // Given a store whose thread is busy
        CountDownLatch mayGoOn = new CountDownLatch(1);
        AtomicInteger released = new AtomicInteger();
        byte[] bytes = request(of("shop", span(1, 1, "a").build())).toByteArray();
        enqueue(store, bytes, () -> {
            released.incrementAndGet();
            waitFor(mayGoOn);
        });
        await().until(() -> released.get() == 1);
        enqueue(store, bytes, released::incrementAndGet);

        // When
        store.drain(Deadline.in(Duration.ofMillis(50)));

        // Then
        assertThat(counted.read(Signal.TRACES).dropped()).containsEntry("shutdown", 1L);
        assertThat(released).hasValue(2);
        mayGoOn.countDown();
        store.close();
        assertThat(ledger.violations()).isEmpty();
    }

    @Test
    void shouldBeSilentAfterClose() {
        // Given
        AtomicInteger released = new AtomicInteger();
        byte[] bytes = request(of("shop", span(1, 1, "a").build())).toByteArray();
        send(store, request(of("shop", span(2, 2, "b").build())));

        // When
        store.close();
        enqueue(store, bytes, released::incrementAndGet);

        // Then
        assertThat(counted.read(Signal.TRACES).dropped()).containsEntry("shutdown", 1L);
        assertThat(released).hasValue(1);
        assertThat(store.services()).containsExactly("shop");
        assertThat(ledger.violations()).isEmpty();
    }

    private static void enqueue(TraceStore store, byte[] bytes, Runnable onReleased) {
        assertThat(store.tryReserve(Signal.TRACES, 1, bytes.length)).isTrue();
        store.enqueue(new Batch(Signal.TRACES, RequestBytes.of(bytes), 1, 0, 1, onReleased), bytes.length);
    }

    @Test
    void shouldTakeTracesOnly() {
        assertThat(store.takes(Signal.TRACES)).isTrue();
        assertThat(store.takes(Signal.METRICS)).isFalse();
        assertThat(store.takes(Signal.LOGS)).isFalse();
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
