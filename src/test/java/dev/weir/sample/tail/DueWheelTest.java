package dev.weir.sample.tail;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class DueWheelTest {

    private static final long NOW = 1_000;

    private final HeldFixture held = new HeldFixture(64 << 20, 1);
    private final TraceRecords records = held.shards[0].records();
    /** Their numbers; the tests call them 1, 2, 3. */
    private final int[] traces = new int[10_001];

    private final DueWheel wheel = new DueWheel(records, 30, NOW);

    @BeforeEach
    void holdTraces() {
        for (int i = 1; i <= 10_000; i++) {
            held.reservation.add(0, 0);
            assertThat(held.reservation.tryTake()).isTrue();
            traces[i] = records.add(0, i, 0, held.reservation);
            held.reservation.close();
        }
    }

    @Test
    void shouldGiveOutTracesInTheOrderOfTheirTimes() {
        wheel.add(traces[5], NOW + 30);
        wheel.add(traces[1], NOW + 7);
        wheel.add(traces[9], NOW + 7);
        wheel.add(traces[2], NOW + 8);

        assertThat(due(NOW + 6)).isEmpty();
        assertThat(due(NOW + 7)).containsExactly(1, 9);
        assertThat(due(NOW + 100)).containsExactly(2, 5);
        assertThat(wheel.size()).isZero();
    }

    @Test
    void shouldLetARootMakeATraceDueEarlierButNeverLater() {
        wheel.add(traces[1], NOW + 30);
        wheel.add(traces[2], NOW + 3);

        wheel.moveEarlier(traces[1], NOW + 7);
        wheel.moveEarlier(traces[2], NOW + 7);

        assertThat(due(NOW + 3)).containsExactly(2);
        assertThat(due(NOW + 7)).containsExactly(1);
    }

    @Test
    void shouldTakeOutFromTheFrontTheMiddleAndTheEndOfASecond() {
        for (int trace = 1; trace <= 5; trace++) {
            wheel.add(traces[trace], NOW + 1);
        }

        wheel.remove(traces[1]);
        wheel.remove(traces[3]);
        wheel.remove(traces[5]);
        wheel.remove(traces[5]);
        wheel.remove(traces[6]);

        assertThat(due(NOW + 1)).containsExactly(2, 4);
    }

    @Test
    void shouldDecideSecondsEarlierUnderPressureWithoutMovingLaterOnes() {
        wheel.add(traces[1], NOW + 10);
        wheel.add(traces[2], NOW + 20);

        assertThat(wheel.takeDue(NOW, 10)).isEqualTo(traces[1]);
        assertThat(wheel.takeDue(NOW, 10)).isEqualTo(DueWheel.NONE);
        wheel.add(traces[3], NOW + 2);

        assertThat(due(NOW + 2)).containsExactly(3);
        assertThat(due(NOW + 20)).containsExactly(2);
    }

    @Test
    void shouldGiveUpTheFirstWhenThereIsNoRoom() {
        wheel.add(traces[1], NOW + 30);
        wheel.add(traces[2], NOW + 29);

        assertThat(wheel.takeFirst()).isEqualTo(traces[2]);
        assertThat(wheel.takeFirst()).isEqualTo(traces[1]);
        assertThat(wheel.takeFirst()).isEqualTo(DueWheel.NONE);
    }

    @Test
    void shouldTakeWhatIsLongDueFirstAfterAPause() {
        wheel.add(traces[1], NOW + 1);
        wheel.add(traces[2], NOW + 2);

        assertThat(wheel.takeDue(NOW + 500, 0)).isEqualTo(traces[1]);
        wheel.add(traces[3], NOW + 530);
        assertThat(wheel.takeDue(NOW + 500, 0)).isEqualTo(traces[2]);
        assertThat(wheel.size()).isOne();
    }

    @Test
    void shouldTakeAnyTimeAfterAnIdleHour() {
        assertThat(wheel.takeDue(NOW + 3_600, 0)).isEqualTo(DueWheel.NONE);
        wheel.add(traces[1], NOW + 3_630);

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
            int trace = 1 + random.nextInt(10_000);
            switch (random.nextInt(20)) {
                case 0, 1, 2, 3, 4, 5, 6, 7 -> {
                    if (!dueTimes.containsKey(trace)) {
                        dueTimes.put(trace, now + random.nextInt(31));
                        wheel.add(traces[trace], dueTimes.get(trace));
                    }
                }
                case 8, 9, 10, 11 -> {
                    if (dueTimes.containsKey(trace)) {
                        long second = now + random.nextInt(31);
                        wheel.moveEarlier(traces[trace], second);
                        dueTimes.merge(trace, second, Math::min);
                    }
                }
                case 12, 13, 14, 15, 16, 17, 18 -> {
                    wheel.remove(traces[trace]);
                    dueTimes.remove(trace);
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
        for (int trace : due(now)) {
            long least =
                    dueTimes.values().stream().mapToLong(Long::longValue).min().orElseThrow();
            assertThat(dueTimes.remove(trace)).isEqualTo(least).isLessThanOrEqualTo(now);
        }
        assertThat(dueTimes.values()).allMatch(second -> second > now);
    }

    private List<Integer> due(long now) {
        List<Integer> due = new ArrayList<>();
        for (int trace = wheel.takeDue(now, 0); trace != DueWheel.NONE; trace = wheel.takeDue(now, 0)) {
            due.add(Arrays.binarySearch(traces, trace));
        }
        return due;
    }
}
