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
    void oneSenderAloneMayUseEverythingBelowTheSoftLimitAndNeverMore() {
        Admission.Account alone = admission.ofConnection();
        assertThat(alone.tryTake(801)).isFalse();
        assertThat(alone.tryTake(800)).isTrue();
        assertThat(alone.tryTake(1)).isFalse();
        assertThat(alone.most()).isEqualTo(800);
        alone.release(800);
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
        boolean little = modest.tryTake(10);
        // Then
        assertThat(more).isFalse();
        assertThat(little).isTrue();
        assertThat(greedy.held()).isEqualTo(790);
        assertThat(budget.used(Use.RECEIVE)).isEqualTo(790 + 10 + 10);
    }

    @Test
    void manyThatHoldLittleCannotUseUpWhatIsAboveTheSoftLimit() {
        // Given a greedy sender, and more and more of the others, who all take what they get
        assertThat(admission.ofConnection().tryTake(800)).isTrue();
        for (int i = 0; i < 1000; i++) {
            Admission.Account sender = admission.ofConnection();
            for (int bytes = 8; bytes > 0 && sender.tryTake(8); bytes--) {}
        }
        // Then the next one still gets what it needs for little
        assertThat(admission.ofConnection().tryTake(4)).isTrue();
        assertThat(budget.used()).isBetween(900L, 950L);
    }

    @Test
    void belowTheSoftLimitNobodyIsRefusedWhileEverybodyGetsItsFairShare() {
        Admission.Account greedy = admission.ofConnection();
        assertThat(admission.ofConnection().tryTake(1)).isTrue();
        assertThat(greedy.tryTake(799)).isTrue();
    }

    @Test
    void onceSomebodyWasRefusedItsFairShareNobodyGetsMoreThanThat() {
        // Given one holds 800 of 1000, and another was refused 300
        Admission.Account greedy = admission.ofConnection();
        for (int i = 0; i < 8; i++) {
            assertThat(greedy.tryTake(100)).isTrue();
        }
        Admission.Account other = admission.ofConnection();
        assertThat(other.tryTake(300)).isFalse();
        // When the first gives back and takes again, as one does that sends in a loop
        greedy.release(300);
        boolean again = greedy.tryTake(300);
        // Then it stays below half, which is what two senders leave each, and the other gets its own
        assertThat(again).isFalse();
        assertThat(other.tryTake(300)).isTrue();
        assertThat(greedy.tryTake(1)).isFalse();
        // When nobody was refused for a while, Then it may have more again
        other.release(300);
        clock.addAndGet(Admission.CONTENTION.toNanos());
        assertThat(greedy.tryTake(300)).isTrue();
    }

    @Test
    void connectionsOfOnePrincipalShareWhatTheyHold() {
        Admission.Account one = admission.ofPrincipal("spiffe://a");
        Admission.Account other = admission.ofPrincipal("spiffe://a");
        assertThat(one.tryTake(10)).isTrue();
        assertThat(other.tryTake(20)).isTrue();
        assertThat(one.held()).isEqualTo(30);
        assertThat(admission.ofPrincipal("spiffe://b").held()).isZero();
        assertThat(admission.activeSenders()).isEqualTo(1);
    }

    @Test
    void nothingIsRememberedOfPrincipalsThatHoldNothing() {
        // Given
        Admission.Account old = admission.ofPrincipal("spiffe://0");
        for (int i = 0; i < 1000; i++) {
            Admission.Account account = admission.ofPrincipal("spiffe://" + i);
            assertThat(account.tryTake(5)).isTrue();
            assertThat(admission.activePrincipals()).isEqualTo(1);
            account.release(5);
        }
        assertThat(admission.activePrincipals()).isZero();
        assertThat(admission.activeSenders()).isZero();
        // When a connection that has long been there takes again, Then a new one still shares with it
        assertThat(old.tryTake(7)).isTrue();
        assertThat(admission.ofPrincipal("spiffe://0").held()).isEqualTo(7);
    }

    @Test
    void retryIsASecondWhileNothingIsKnownAndThenWhatDrainingTakes() {
        Admission.Account sender = admission.ofConnection();
        assertThat(admission.retryAfter(1)).isEqualTo(Duration.ofSeconds(1));
        // Given 100 bytes drained in a second, and 900 held: 100 over the soft limit
        assertThat(sender.tryTake(800)).isTrue();
        assertThat(budget.tryReserve(Use.RECEIVE, 200)).isTrue();
        sender.release(100);
        clock.addAndGet(1_000_000_000);
        // When 100 more are wanted, Then 200 must drain
        assertThat(admission.retryAfter(100)).isEqualTo(Duration.ofSeconds(2));
    }
}
