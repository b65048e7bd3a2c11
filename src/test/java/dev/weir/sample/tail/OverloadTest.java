package dev.weir.sample.tail;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class OverloadTest {

    private static final long SECOND = 1_000_000_000L;

    private final Overload overload = new Overload(30);
    private long now;

    @Test
    void shouldDoNothingAsLongAsThereIsRoom() {
        assertThat(update(0.74, 0.94)).isEqualTo(Overload.NONE);
        assertThat(overload.secondsEarlier()).isZero();
        assertThat(overload.headThreshold()).isZero();
        assertThat(overload.isRefusing()).isFalse();
    }

    @Test
    void shouldDecideTheEarlierTheFullerTheBufferIs() {
        assertThat(update(0.75, 0)).isEqualTo(Overload.DECIDE_EARLIER);
        int at75 = overload.secondsEarlier();
        update(0.85, 0);
        int at85 = overload.secondsEarlier();
        update(0.97, 0);

        assertThat(at75).isBetween(5, 15);
        assertThat(at85).isGreaterThan(at75);
        assertThat(overload.secondsEarlier()).isEqualTo(30);
    }

    @Test
    void shouldLeaveAStepOnlyWellBelowWhereItWasEntered() {
        update(0.76, 0);

        assertThat(update(0.70, 0)).isEqualTo(Overload.DECIDE_EARLIER);
        assertThat(update(0.64, 0)).isEqualTo(Overload.NONE);
        assertThat(update(0.70, 0)).isEqualTo(Overload.NONE);
    }

    @Test
    void shouldLetInHalfAsMuchEachSecondThatItDoesNotHelp() {
        assertThat(update(0.90, 0)).isEqualTo(Overload.SAMPLE_AT_HEAD);
        assertThat(overload.headThreshold()).isEqualTo(0x80_0000_0000_0000L);
        update(0.90, 0);
        assertThat(overload.headThreshold()).as("within the second").isEqualTo(0x80_0000_0000_0000L);

        now += SECOND;
        update(0.90, 0);
        assertThat(overload.headThreshold()).isEqualTo(0xc0_0000_0000_0000L);
        now += SECOND;
        update(0.85, 0);
        assertThat(overload.headThreshold()).as("it helps").isEqualTo(0xc0_0000_0000_0000L);
        for (int i = 0; i < 100; i++) {
            now += SECOND;
            update(0.90, 0);
        }
        assertThat(overload.headThreshold()).as("one in 1,024").isEqualTo(0xff_c000_0000_0000L);
    }

    @Test
    void shouldLetInMoreAgainStepByStep() {
        update(0.90, 0);
        now += SECOND;
        update(0.90, 0);

        now += SECOND;
        assertThat(update(0.5, 0)).isEqualTo(Overload.SAMPLE_AT_HEAD);
        assertThat(overload.headThreshold()).isEqualTo(0x80_0000_0000_0000L);
        now += SECOND;
        assertThat(update(0.5, 0)).isEqualTo(Overload.NONE);
        assertThat(overload.headThreshold()).isZero();
    }

    @Test
    void shouldSampleAtTheHeadWhenQueuesAreFullHoweverLittleIsHeld() {
        assertThat(update(0.1, 0.96)).isEqualTo(Overload.SAMPLE_AT_HEAD);
        assertThat(overload.secondsEarlier()).as("they could not be sent").isZero();
        assertThat(update(0.1, 0.85)).isEqualTo(Overload.SAMPLE_AT_HEAD);
        now += SECOND;
        assertThat(update(0.1, 0.7)).isEqualTo(Overload.NONE);
    }

    @Test
    void shouldRefuseWhenThereIsNoRoom() {
        update(0.98, 0);
        assertThat(overload.isRefusing()).isTrue();
        update(0.93, 0);
        assertThat(overload.isRefusing()).isTrue();
        update(0.91, 0);
        assertThat(overload.isRefusing()).isFalse();
        assertThat(overload.step()).isEqualTo(Overload.SAMPLE_AT_HEAD);
    }

    @Test
    void shouldNeverSampleOutMoreThanItSays() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 10_000; i++) {
            now += random.nextLong(SECOND);
            int step = update(random.nextDouble(1.01), random.nextDouble(1.01));
            assertThat(overload.headThreshold()).isBetween(0L, 0xff_c000_0000_0000L);
            assertThat(overload.headThreshold() > 0).isEqualTo(step >= Overload.SAMPLE_AT_HEAD);
            assertThat(overload.secondsEarlier()).isBetween(0, 30);
        }
    }

    private int update(double held, double queues) {
        return overload.update(held, queues, now);
    }
}
