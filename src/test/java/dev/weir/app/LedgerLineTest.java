package dev.weir.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.pipeline.Ledger;
import dev.weir.pipeline.Signal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What counts as lost when the process ends, and makes its exit code 3. */
final class LedgerLineTest {

    private final Ledger ledger = new Ledger();

    @ParameterizedTest
    @ValueSource(strings = {"no_destination", "self_telemetry"})
    void shouldNotCountAsLostWhatIsLeftOutOnPurpose(String reason) {
        ledger.dropped(Signal.TRACES, reason, 5);

        assertThat(LedgerLine.dropped(ledger)).isZero();
    }

    @Test
    void shouldCountWhatIsLostInsideAndAtDestinations() {
        ledger.dropped(Signal.TRACES, "shutdown", 5);
        ledger.dropped(Signal.LOGS, "self_telemetry", 7);
        ledger.destination("jaeger").dropped(Signal.LOGS, "shutdown", 2);

        assertThat(LedgerLine.dropped(ledger)).isEqualTo(7);
    }
}
