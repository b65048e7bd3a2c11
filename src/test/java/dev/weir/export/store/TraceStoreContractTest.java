package dev.weir.export.store;

import static dev.weir.export.store.Traces.of;
import static dev.weir.export.store.Traces.request;
import static dev.weir.export.store.Traces.span;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.pipeline.Batch;
import dev.weir.pipeline.DestinationLedger;
import dev.weir.pipeline.Ledger;
import dev.weir.pipeline.Signal;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What every destination promises, for the store. */
final class TraceStoreContractTest {

    private final Ledger ledger = new Ledger();
    private final TraceStore store = new TraceStore(1 << 20, ledger);
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
        store.enqueue(new Batch(Signal.TRACES, bytes, 2, 0, 1, released::incrementAndGet), bytes.length);

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
        store.enqueue(new Batch(Signal.TRACES, broken, 1, 0, 1, released::incrementAndGet), broken.length);

        // Then
        assertThat(counted.read(Signal.TRACES).dropped()).containsEntry("internal_error", 1L);
        assertThat(released).hasValue(1);
        assertThat(ledger.violations()).isEmpty();
    }

    @Test
    void shouldTakeTracesOnly() {
        assertThat(store.takes(Signal.TRACES)).isTrue();
        assertThat(store.takes(Signal.METRICS)).isFalse();
        assertThat(store.takes(Signal.LOGS)).isFalse();
    }
}
