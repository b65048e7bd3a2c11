package dev.weir.enrich.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of the watch is counted each time, and said once. */
class WatchStateTest {

    private static final Instant NOW = Instant.parse("2026-01-31T10:00:00Z");
    private static final String FORBIDDEN = "403 pods is forbidden";

    private final List<String> warnings = new ArrayList<>();
    private final List<String> lines = new ArrayList<>();
    private final WatchState state = new WatchState(WatchStatus.State.CONNECTING, () -> NOW, warnings::add, lines::add);

    @Test
    void shouldSayARepeatedFailureOnceAndCountItEachTime() {
        state.failed(FORBIDDEN);
        state.failed(FORBIDDEN);
        state.failed(FORBIDDEN);

        assertThat(warnings).singleElement().asString().endsWith(FORBIDDEN);
        WatchStatus status = state.read(0, 10, 0);
        assertThat(status.state()).isEqualTo(WatchStatus.State.BROKEN);
        assertThat(status.failures()).isEqualTo(3);
        assertThat(status.lastError()).isEqualTo(FORBIDDEN);
        assertThat(status.lastErrorAt()).isEqualTo(NOW);
    }

    @Test
    void shouldSayAnotherFailureAndTheNextAfterItWasWell() {
        state.failed(FORBIDDEN);
        state.failed("connection refused");
        state.synced(7);
        state.failed("connection refused");

        assertThat(warnings).hasSize(3);
        assertThat(lines).containsExactly("watching 7 pods at the Kubernetes API");
        assertThat(state.read(7, 10, 0).syncs()).isEqualTo(1);
    }

    @Test
    void shouldKeepTheReasonThatIsKnownWhenTheWatchIsFoundLost() {
        state.failed(FORBIDDEN);
        state.lost("the watch was cut off");

        assertThat(state.read(0, 10, 0).lastError()).isEqualTo(FORBIDDEN);
        assertThat(state.read(0, 10, 0).failures()).isEqualTo(1);
    }

    @Test
    void shouldCutALongError() {
        state.failed("x".repeat(1000));

        assertThat(state.read(0, 10, 0).lastError()).hasSize(300);
    }
}
