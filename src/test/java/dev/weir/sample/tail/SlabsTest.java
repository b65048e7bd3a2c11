package dev.weir.sample.tail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.weir.pipeline.MemoryBudget;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SlabsTest {

    private final MemoryBudget budget = new MemoryBudget(10_000, 0, 0, 0);
    private final HeldMemory memory = new HeldMemory(budget, 8_000);
    private final Slabs slabs = new Slabs(memory, 1_000, 2);

    @Test
    void shouldPromiseAllOrNone() {
        assertThat(slabs.tryPromise(5)).isTrue();
        assertThat(slabs.tryPromise(4)).isFalse();
        assertThat(memory.used()).isEqualTo(5_000 + 2_000 /* spare */);
        assertThat(slabs.tryPromise(3)).isTrue();
        assertThat(memory.used()).isEqualTo(8_000);
    }

    @Test
    void shouldRefuseWhatTheBudgetHasNot() {
        assertThat(budget.tryReserve(MemoryBudget.Use.QUEUES, 9_500)).isTrue();
        assertThat(slabs.tryPromise(1)).isFalse();
        assertThat(memory.used()).isZero();
        assertThat(budget.used(MemoryBudget.Use.HELD)).isZero();
    }

    @Test
    void shouldKeepAFewSpareBlocksAndFreeTheOthers() {
        assertThat(memory.tryCharge(4_000)).as("memory is short").isTrue();
        assertThat(slabs.tryPromise(4)).isTrue();
        Block a = slabs.take();
        Block b = slabs.take();
        slabs.unpromise(2);
        assertThat(memory.used()).isEqualTo(8_000);
        slabs.giveBack(a);
        slabs.giveBack(b);
        assertThat(memory.used()).isEqualTo(6_000);
        assertThat(budget.used(MemoryBudget.Use.HELD)).isEqualTo(6_000);
    }

    @Test
    void shouldKeepWhatWasInUseLatelyWhileMemoryIsPlenty() {
        MemoryBudget large = new MemoryBudget(400_000, 0, 0, 0);
        HeldMemory room = new HeldMemory(large, 150_000);
        Slabs many = new Slabs(room, 1_000, 2);
        Block[] blocks = new Block[70];
        assertThat(many.tryPromise(blocks.length)).isTrue();
        for (int i = 0; i < blocks.length; i++) {
            blocks[i] = many.take();
        }
        for (int i = 0; i < 30; i++) {
            many.giveBack(blocks[i]);
        }
        assertThat(room.used()).isEqualTo(70_000);

        for (int seconds = 0; seconds < 10; seconds++) {
            many.settle();
        }
        assertThat(room.used()).as("ten seconds later").isEqualTo(60_000);
        for (int seconds = 0; seconds < 20; seconds++) {
            many.settle();
        }
        assertThat(room.used()).as("later").isEqualTo(42_000);

        assertThat(room.tryCharge(40_000)).isTrue();
        many.giveBack(blocks[30]);
        assertThat(room.used()).as("memory has become short").isEqualTo(40_000 + 39_000 + 2_000);
        for (int i = 31; i < blocks.length; i++) {
            many.giveBack(blocks[i]);
        }
        assertThat(room.used()).as("it is plenty again").isBetween(42_000L, 75_000L);
    }

    @Test
    void shouldWantNoNewMemoryForTheSameWaveAgain() {
        HeldMemory room = new HeldMemory(new MemoryBudget(400_000, 0, 0, 0), 150_000);
        Slabs many = new Slabs(room, 1_000, 2);
        Set<Block> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        ArrayDeque<Block> wave = new ArrayDeque<>();
        for (int waves = 0; waves < 20; waves++) {
            while (wave.size() < 20) {
                assertThat(many.tryPromise(5)).isTrue(); // as much as might be needed, of which little is
                wave.add(many.take());
                many.unpromise(4);
            }
            seen.addAll(wave);
            while (wave.size() > 10) {
                many.giveBack(wave.remove());
            }
        }

        assertThat(seen).hasSizeLessThanOrEqualTo(24);
        assertThat(room.used()).as("all that ever was needed").isEqualTo(24_000);
    }

    @Test
    void shouldNotGiveWhatWasNotPromised() {
        assertThatIllegalStateException().isThrownBy(slabs::take);
    }

    @Test
    void shouldOverwriteWhatIsGivenBack() {
        Slabs.overwritesReturned = true;
        assertThat(slabs.tryPromise(1)).isTrue();
        Block a = slabs.take();
        a.bytes.putLong(0, 42);
        slabs.giveBack(a);
        assertThat(a.bytes.getLong(0)).isNotEqualTo(42);
    }

    @Test
    void shouldHoldARequestWholeOrNotAtAll() {
        HeldFixture held = new HeldFixture(4 << 20, 4);
        long before = held.used();
        for (int i = 0; i < 90; i++) {
            held.reservation.add(i % 4, i % 10 == 0 ? 200_000 : 50_000); // more than there is
        }
        assertThat(held.reservation.tryTake()).isFalse();
        assertThat(held.used() - before).as("no more than spare blocks").isLessThan(600_000);

        held.reservation.add(0, 200_000);
        assertThat(held.reservation.tryTake())
                .as("what was refused is not counted again")
                .isTrue();
        held.reservation.close();
    }
}
