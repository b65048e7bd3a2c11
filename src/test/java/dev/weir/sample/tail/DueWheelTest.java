package dev.weir.sample.tail;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class DueWheelTest {

    private static final long NOW = 1_000;

    private final DueWheel wheel = new DueWheel(30, NOW);

    @Test
    void shouldGiveOutTracesInTheOrderOfTheirTimes() {
        wheel.add(5, NOW + 30);
        wheel.add(1, NOW + 7);
        wheel.add(9, NOW + 7);
        wheel.add(2, NOW + 8);

        assertThat(due(NOW + 6)).isEmpty();
        assertThat(due(NOW + 7)).containsExactly(1, 9);
        assertThat(due(NOW + 100)).containsExactly(2, 5);
        assertThat(wheel.size()).isZero();
    }

    @Test
    void shouldLetARootMakeATraceDueEarlierButNeverLater() {
        wheel.add(1, NOW + 30);
        wheel.add(2, NOW + 3);

        wheel.moveEarlier(1, NOW + 7);
        wheel.moveEarlier(2, NOW + 7);

        assertThat(due(NOW + 3)).containsExactly(2);
        assertThat(due(NOW + 7)).containsExactly(1);
    }

    @Test
    void shouldTakeOutFromTheFrontTheMiddleAndTheEndOfASecond() {
        for (int handle = 0; handle < 5; handle++) {
            wheel.add(handle, NOW + 1);
        }

        wheel.remove(0);
        wheel.remove(2);
        wheel.remove(4);
        wheel.remove(4);
        wheel.remove(70_000); // never seen

        assertThat(due(NOW + 1)).containsExactly(1, 3);
    }

    @Test
    void shouldDecideSecondsEarlierUnderPressureWithoutMovingLaterOnes() {
        wheel.add(1, NOW + 10);
        wheel.add(2, NOW + 20);

        assertThat(wheel.takeDue(NOW, 10)).isEqualTo(1);
        assertThat(wheel.takeDue(NOW, 10)).isEqualTo(DueWheel.NONE);
        wheel.add(3, NOW + 2);

        assertThat(due(NOW + 2)).containsExactly(3);
        assertThat(due(NOW + 20)).containsExactly(2);
    }

    @Test
    void shouldGiveUpTheFirstWhenThereIsNoRoom() {
        wheel.add(1, NOW + 30);
        wheel.add(2, NOW + 29);

        assertThat(wheel.takeFirst()).isEqualTo(2);
        assertThat(wheel.takeFirst()).isEqualTo(1);
        assertThat(wheel.takeFirst()).isEqualTo(DueWheel.NONE);
    }

    @Test
    void shouldTakeWhatIsLongDueFirstAfterAPause() {
        wheel.add(1, NOW + 1);
        wheel.add(2, NOW + 2);

        assertThat(wheel.takeDue(NOW + 500, 0)).isEqualTo(1);
        wheel.add(3, NOW + 530);
        assertThat(wheel.takeDue(NOW + 500, 0)).isEqualTo(2);
        assertThat(wheel.size()).isOne();
    }

    @Test
    void shouldTakeAnyTimeAfterAnIdleHour() {
        assertThat(wheel.takeDue(NOW + 3_600, 0)).isEqualTo(DueWheel.NONE);
        wheel.add(1, NOW + 3_630);

        assertThat(due(NOW + 3_629)).isEmpty();
        assertThat(due(NOW + 3_630)).containsExactly(1);
    }

    @Test
    void shouldAgreeWithASortedListWhateverIsDone() {
        // Given a list of due times kept beside the wheel
        SplittableRandom random = new SplittableRandom(4);
        Map<Integer, Long> dueTimes = new TreeMap<>();
        long now = NOW;
        for (int step = 0; step < 50_000; step++) {
            // When anything is done
            int handle = random.nextInt(10_000);
            switch (random.nextInt(20)) {
                case 0, 1, 2, 3, 4, 5, 6, 7 -> {
                    if (!dueTimes.containsKey(handle)) {
                        dueTimes.put(handle, now + random.nextInt(31));
                        wheel.add(handle, dueTimes.get(handle));
                    }
                }
                case 8, 9, 10, 11 -> {
                    if (dueTimes.containsKey(handle)) {
                        long second = now + random.nextInt(31);
                        wheel.moveEarlier(handle, second);
                        dueTimes.merge(handle, second, Math::min);
                    }
                }
                case 12, 13, 14, 15, 16, 17, 18 -> {
                    wheel.remove(handle);
                    dueTimes.remove(handle);
                }
                default -> {
                    now += random.nextInt(4) == 0 ? 1 : 0;
                    takeAll(now, dueTimes);
                }
            }
            assertThat(wheel.size()).isEqualTo(dueTimes.size());
        }
    }

    /** What is taken is due, none was due before it, and none that is due is left. */
    private void takeAll(long now, Map<Integer, Long> dueTimes) {
        for (int handle : due(now)) {
            long least =
                    dueTimes.values().stream().mapToLong(Long::longValue).min().orElseThrow();
            assertThat(dueTimes.remove(handle)).isEqualTo(least).isLessThanOrEqualTo(now);
        }
        assertThat(dueTimes.values()).allMatch(second -> second > now);
    }

    private List<Integer> due(long now) {
        List<Integer> handles = new ArrayList<>();
        for (int handle = wheel.takeDue(now, 0); handle != DueWheel.NONE; handle = wheel.takeDue(now, 0)) {
            handles.add(handle);
        }
        return handles;
    }
}
