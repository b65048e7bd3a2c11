package dev.weir.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.pipeline.ByteSize;
import dev.weir.pipeline.MemoryBudget.Use;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MemoryPlanTest {

    private static final long MIB = 1 << 20;

    @Test
    void shouldLetTelemetryFillThreeFifthsOfTheHeap() {
        MemoryPlan plan = MemoryPlan.of(512 * MIB, 256 * MIB, Optional.empty());

        assertThat(plan.store()).isZero();
        assertThat(plan.budget()).isEqualTo((long) (0.6 * 256 * MIB));
    }

    @Test
    void shouldTakeTheStoreOutOfTheBudget() {
        MemoryPlan plan = MemoryPlan.of(512 * MIB, 256 * MIB, Optional.of(ByteSize.of("40MiB")));

        assertThat(plan.store()).isEqualTo(40 * MIB);
        assertThat(plan.budget()).isEqualTo((long) (0.6 * 256 * MIB) - 40 * MIB);
    }

    @Test
    void shouldGiveTheStoreAQuarterOfASmallHeap() {
        MemoryPlan plan = MemoryPlan.of(192 * MIB, 96 * MIB, Optional.of(ByteSize.of("64MiB")));

        assertThat(plan.store()).isEqualTo(24 * MIB);
        assertThat(plan.store() + plan.budget()).isLessThanOrEqualTo((long) (0.6 * 96 * MIB));
        assertThat(plan.newBudget().floor(Use.QUEUES)).isGreaterThan(8 * MIB);
    }

    @Test
    void shouldPlanWithTheHeapThereIs() {
        MemoryPlan plan = MemoryPlan.of(512 * MIB, 100 * MIB, Optional.of(ByteSize.of("64MiB")));

        assertThat(plan.store()).isEqualTo(25 * MIB);
        assertThat(plan.budget()).isEqualTo(60 * MIB - 25 * MIB);
    }
}
