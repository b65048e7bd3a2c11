package dev.weir.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.pipeline.MemoryBudget.Use;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class MemoryBudgetTest {

    @Test
    void shouldKeepTheFloorOfOneUseFromTheOthers() {
        MemoryBudget budget = new MemoryBudget(100, 10, 25, 0);

        assertThat(budget.tryReserve(Use.RECEIVE, 75)).isTrue();
        assertThat(budget.tryReserve(Use.RECEIVE, 1)).isFalse();
        assertThat(budget.tryReserve(Use.QUEUES, 25)).isTrue();
        assertThat(budget.tryReserve(Use.QUEUES, 1)).isFalse();
    }

    @Test
    void shouldShareWhatIsAboveTheFloors() {
        MemoryBudget budget = new MemoryBudget(100, 10, 25, 0);

        assertThat(budget.available(Use.QUEUES)).isEqualTo(100 - 10);
        assertThat(budget.tryReserve(Use.QUEUES, 90)).isTrue();
        assertThat(budget.available(Use.RECEIVE)).isEqualTo(10);
        budget.release(Use.QUEUES, 90);
        assertThat(budget.available(Use.RECEIVE)).isEqualTo(100 - 25);
    }

    @Test
    void shouldNeverGoOverTheLimitNorForgetBytes() {
        Random random = new Random(1);
        MemoryBudget budget = new MemoryBudget(1_000, 100, 250, 300);
        long[] held = new long[Use.values().length];
        for (int i = 0; i < 100_000; i++) {
            Use use = Use.values()[random.nextInt(held.length)];
            long bytes = random.nextInt(120);
            if (random.nextBoolean()) {
                long available = budget.available(use);
                boolean granted = budget.tryReserve(use, bytes);
                assertThat(granted).isEqualTo(bytes <= available);
                held[use.ordinal()] += granted ? bytes : 0;
            } else {
                long back = Math.min(bytes, held[use.ordinal()]);
                budget.release(use, back);
                held[use.ordinal()] -= back;
            }
            assertThat(budget.used()).isEqualTo(held[0] + held[1] + held[2]).isLessThanOrEqualTo(1_000);
        }
    }

    @Test
    void shouldRejectReleaseOfMoreThanIsUsed() {
        MemoryBudget budget = new MemoryBudget(100, 0, 0, 0);

        assertThatThrownBy(() -> budget.release(Use.HELD, 1)).hasMessage("released 1 bytes of HELD, only 0 in use");
    }

    @Test
    void shouldRejectFloorsOverTheLimit() {
        assertThatThrownBy(() -> new MemoryBudget(100, 50, 51, 0))
                .hasMessage("floors must not add up to more than the limit");
    }
}
