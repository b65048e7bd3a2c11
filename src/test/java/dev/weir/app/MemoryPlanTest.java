package dev.weir.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.pipeline.ByteSize;
import dev.weir.pipeline.MemoryBudget;
import dev.weir.pipeline.MemoryBudget.Use;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MemoryPlanTest {

    private static final long MIB = 1 << 20;

    @Test
    void shouldLetTelemetryFillThreeFifthsOfTheHeap() {
        MemoryPlan plan = MemoryPlan.of(512 * MIB, 240 * MIB, Optional.empty(), HeldPlan.NONE);

        assertThat(plan.store()).isZero();
        assertThat(plan.budget()).isEqualTo((long) (0.6 * 240 * MIB));
    }

    @Test
    void shouldKeepAsManyPodsAsATenthOfTheHeapHolds() {
        assertThat(MemoryPlan.of(512 * MIB, 256 * MIB, Optional.empty(), HeldPlan.NONE)
                        .pods())
                .isEqualTo(38_347);
        assertThat(MemoryPlan.of(64 * MIB, 48 * MIB, Optional.empty(), HeldPlan.NONE)
                        .pods())
                .isEqualTo(7_190);
    }

    @Test
    void shouldTakeTheStoreOutOfTheBudget() {
        MemoryPlan plan = MemoryPlan.of(512 * MIB, 240 * MIB, Optional.of(ByteSize.of("40MiB")), HeldPlan.NONE);

        assertThat(plan.store()).isEqualTo(40 * MIB);
        assertThat(plan.budget()).isEqualTo((long) (0.6 * 240 * MIB) - 40 * MIB);
    }

    @Test
    void shouldGiveTheStoreAQuarterOfASmallHeap() {
        MemoryPlan plan = MemoryPlan.of(192 * MIB, 48 * MIB, Optional.of(ByteSize.of("64MiB")), HeldPlan.NONE);

        assertThat(plan.store()).isEqualTo(48 * MIB / 4);
        assertThat(plan.store() + plan.budget()).isLessThanOrEqualTo((long) (0.6 * 48 * MIB));
        assertThat(plan.newBudget().floor(Use.QUEUES)).isGreaterThan(4 * MIB);
    }

    @Test
    void shouldPlanWithTheHeapThereIs() {
        MemoryPlan plan = MemoryPlan.of(512 * MIB, 100 * MIB, Optional.of(ByteSize.of("64MiB")), HeldPlan.NONE);

        assertThat(plan.store()).isEqualTo(25 * MIB);
        assertThat(plan.budget()).isEqualTo(60 * MIB - 25 * MIB);
    }

    @Test
    void shouldKeepWithinTheLimitWithABufferOfHalfOfIt() {
        HeldPlan held = new HeldPlan(256 * MIB, 25 * MIB, 8 * MIB);

        MemoryPlan plan = MemoryPlan.of(512 * MIB, 66 * MIB, Optional.empty(), held);

        assertThat(plan.isHeapAsPlanned()).isTrue();
        assertThat(plan.budget()).isBetween(22 * MIB, 66 * MIB - 256 * MIB / 10);
        assertThat(plan.plannedHeap() + plan.plannedHeap() / 2 /* network */ + held.sum() + 112 * MIB /* JVM */)
                .isLessThanOrEqualTo(512 * MIB);
    }

    @Test
    void shouldNotLetHeldTracesAndTheRestGrowIntoEachOther() {
        MemoryBudget budget = MemoryPlan.of(
                        512 * MIB, 128 * MIB, Optional.empty(), new HeldPlan(256 * MIB, 25 * MIB, 8 * MIB))
                .newBudget();

        assertThat(budget.tryReserve(Use.QUEUES, budget.available(Use.QUEUES))).isTrue();

        assertThat(budget.available(Use.HELD)).isEqualTo(256 * MIB);
        assertThat(budget.tryReserve(Use.HELD, 256 * MIB)).isTrue();
        assertThat(budget.tryReserve(Use.HELD, 1)).isFalse();
    }
}
