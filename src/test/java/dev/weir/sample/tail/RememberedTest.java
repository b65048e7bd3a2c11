package dev.weir.sample.tail;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class RememberedTest {

    @Test
    void shouldRememberWhatWasDecided() {
        Remembered remembered = new Remembered(1 << 10);

        remembered.put(7, true, true, 8191, 0xabcd_0000_0000_00L, 2_000_000_000);
        remembered.put(8, false, false, 0, 0, 0);

        long kept = remembered.find(7);
        assertThat(Remembered.isKept(kept)).isTrue();
        assertThat(Remembered.isProbabilityKnown(kept)).isTrue();
        assertThat(Remembered.policy(kept)).isEqualTo(8191);
        assertThat(Remembered.threshold(kept)).isEqualTo(0xabcd_0000_0000_00L);
        assertThat(Remembered.second(kept)).isEqualTo(2_000_000_000);
        long dropped = remembered.find(8);
        assertThat(dropped).isNotEqualTo(Remembered.NONE);
        assertThat(Remembered.isKept(dropped)).isFalse();
        assertThat(Remembered.isProbabilityKnown(dropped)).isFalse();
        assertThat(Remembered.threshold(dropped)).isZero();
        assertThat(remembered.size()).isEqualTo(2);
    }

    @Test
    void shouldKnowNothingOfOthers() {
        Remembered remembered = new Remembered(1 << 10);

        assertThat(remembered.find(0)).isEqualTo(Remembered.NONE);
        assertThat(remembered.find(7)).isEqualTo(Remembered.NONE);
    }

    @Test
    void shouldTakeZeroForAFingerprintLikeAnyOther() {
        Remembered remembered = new Remembered(1 << 10);

        remembered.put(0, true, true, 3, 0, 1);

        assertThat(Remembered.policy(remembered.find(0))).isEqualTo(3);
    }

    @Test
    void shouldCutAThresholdToFourDigits() {
        Remembered remembered = new Remembered(1 << 10);

        remembered.put(7, true, true, 1, 0xabcd_efff_ffff_ffL, 1);

        assertThat(Remembered.threshold(remembered.find(7))).isEqualTo(0xabcd_0000_0000_00L);
    }

    @Test
    void shouldReplaceADecisionAboutTheSameTrace() {
        Remembered remembered = new Remembered(1 << 10);
        remembered.put(7, false, true, 1, 0, 1);

        remembered.put(7, true, true, 2, 0, 2);

        assertThat(Remembered.policy(remembered.find(7))).isEqualTo(2);
        assertThat(remembered.size()).isOne();
        assertThat(remembered.forgotten()).isZero();
    }

    @Test
    void shouldForgetTheOldestOfASet() {
        // Given one set of four
        Remembered remembered = new Remembered(64);
        for (int trace = 1; trace <= 4; trace++) {
            remembered.put(trace, true, true, trace, 0, 10 - trace);
        }

        // When
        remembered.put(5, true, true, 5, 0, 20);

        // Then
        assertThat(remembered.find(4)).isEqualTo(Remembered.NONE);
        assertThat(Remembered.policy(remembered.find(1))).isOne();
        assertThat(Remembered.policy(remembered.find(5))).isEqualTo(5);
        assertThat(remembered.size()).isEqualTo(4);
        assertThat(remembered.forgotten()).isOne();
        assertThat(remembered.forgottenSecond()).isEqualTo(6);
    }

    @Test
    void shouldRememberNearlyAsMuchAsThereIsRoomFor() {
        // Given half as many decisions as there is room for, of one shard of 64
        Remembered remembered = new Remembered(1 << 20);
        SplittableRandom random = new SplittableRandom(1);
        int half = remembered.capacity() / 2;
        long[] traces = new long[half];
        for (int i = 0; i < half; i++) {
            traces[i] = random.nextLong() & ~63L | 5;
            remembered.put(traces[i], true, true, i & Remembered.MAX_POLICY, 0, i);
        }

        // When
        int found = 0;
        for (int i = 0; i < half; i++) {
            long decision = remembered.find(traces[i]);
            if (decision != Remembered.NONE) {
                assertThat(Remembered.policy(decision)).isEqualTo(i & Remembered.MAX_POLICY);
                found++;
            }
        }

        // Then: Poisson with two a set of four overflows in 5 % of the sets
        assertThat(found).isGreaterThan((int) (half * 0.95)).isEqualTo(remembered.size());
        assertThat(found + remembered.forgotten()).isEqualTo(half);
    }
}
