package dev.weir.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class LedgerTest {

    private final Ledger ledger = new Ledger();

    @Test
    void shouldBalanceWhenEveryItemIsAccountedFor() {
        ledger.received(Signal.TRACES, 10);
        ledger.delivered(Signal.TRACES, 5);
        ledger.sampledOut(Signal.TRACES, "the-rest", 2);
        ledger.dropped(Signal.TRACES, "no_destination", 1);
        ledger.heldBy(Signal.TRACES, () -> 2);

        assertThat(ledger.violations()).isEmpty();
    }

    @Test
    void shouldNameTheSignalAndTheNumberThatIsMissing() {
        ledger.received(Signal.LOGS, 3);
        ledger.delivered(Signal.LOGS, 2);

        assertThat(ledger.violations())
                .containsExactly("logs: received − (delivered + sampled out + dropped + held) = 1");
    }

    @Test
    void shouldHoldEachDestinationToItsOwnLaw() {
        DestinationLedger jaeger = ledger.destination("jaeger");
        jaeger.enqueued(Signal.TRACES, 5);
        jaeger.sent(Signal.TRACES, 1);
        jaeger.rejected(Signal.TRACES, 1);
        jaeger.dropped(Signal.TRACES, "queue_full", 1);
        jaeger.queuedBy(signal -> signal == Signal.TRACES ? 1 : 0);

        assertThat(ledger.violations())
                .containsExactly("traces to jaeger: enqueued − (sent + rejected + dropped + queued) = 1");
    }
}
