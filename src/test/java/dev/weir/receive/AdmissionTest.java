package dev.weir.receive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.pipeline.MemoryBudget;
import dev.weir.pipeline.MemoryBudget.Use;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AdmissionTest {

    private final AtomicLong clock = new AtomicLong();
    private final MemoryBudget budget = new MemoryBudget(1000, 1000, 0, 0);
    private final Admission admission = new Admission(budget, clock::get);

    @Test
    void oneSenderAloneMayUseEverything() {
        Admission.Account alone = admission.ofConnection();
        assertThat(alone.tryTake(1000)).isTrue();
        assertThat(alone.tryTake(1)).isFalse();
        alone.release(1000);
        assertThat(budget.used()).isZero();
        assertThat(admission.activeSenders()).isZero();
    }

    @Test
    void aboveTheSoftLimitTheGreedySenderIsRefusedAndTheOthersAreNot() {
        // Given
        Admission.Account greedy = admission.ofConnection();
        Admission.Account modest = admission.ofConnection();
        assertThat(greedy.tryTake(790)).isTrue();
        assertThat(modest.tryTake(10)).isTrue();
        // When
        boolean more = greedy.tryTake(50);
        boolean little = modest.tryTake(50);
        // Then
        assertThat(more).isFalse();
        assertThat(little).isTrue();
        assertThat(greedy.held()).isEqualTo(790);
        assertThat(budget.used(Use.RECEIVE)).isEqualTo(790 + 10 + 50);
    }

    @Test
    void belowTheSoftLimitNobodyIsRefused() {
        Admission.Account greedy = admission.ofConnection();
        assertThat(admission.ofConnection().tryTake(1)).isTrue();
        assertThat(greedy.tryTake(799)).isTrue();
    }

    @Test
    void connectionsOfOnePrincipalShareItsAccount() {
        assertThat(admission.ofPrincipal("spiffe://a")).isSameAs(admission.ofPrincipal("spiffe://a"));
        assertThat(admission.ofPrincipal("spiffe://a")).isNotSameAs(admission.ofPrincipal("spiffe://b"));
    }

    @Test
    void retryIsASecondWhileNothingIsKnownAndThenWhatDrainingTakes() {
        Admission.Account sender = admission.ofConnection();
        assertThat(admission.retryAfter(1)).isEqualTo(Duration.ofSeconds(1));
        // Given 100 bytes drained in a second, and 900 held: 100 over the soft limit
        assertThat(sender.tryTake(1000)).isTrue();
        sender.release(100);
        clock.addAndGet(1_000_000_000);
        // When 100 more are wanted, Then 200 must drain
        assertThat(admission.retryAfter(100)).isEqualTo(Duration.ofSeconds(2));
    }
}
