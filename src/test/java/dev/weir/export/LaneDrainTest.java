package dev.weir.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How a lane ends: it keeps trying until the deadline, and not a moment longer. */
class LaneDrainTest extends LaneFixture {

    @Test
    void shouldKeepTryingWhileItIsDrained() {
        // Given a destination that has been down for long
        Lane lane = lane(4, false);
        transport.answer = piece -> DOWN;
        for (int i = 0; i < 20; i++) {
            lane.add(piece(i));
        }
        loop.pass(Duration.ofMinutes(3));

        // When it comes back in the middle of the drain
        lane.drain(loop.nanoTime() + Duration.ofSeconds(10).toNanos(), () -> idle.add("idle"));
        loop.pass(Duration.ofSeconds(6));
        assertThat(idle).isEmpty();
        transport.answer = piece -> TAKEN;
        loop.pass(Duration.ofMillis(2_500)); // a quarter of the whole time

        // Then all arrived
        assertThat(record.sent).hasSize(20).doesNotHaveDuplicates();
        assertThat(record.dropped).isEmpty();
        assertThat(idle).containsExactly("idle");
    }

    @Test
    void shouldPauseForASecondOrAQuarterOfTheTimeLeftAtMost() {
        // Given
        Lane lane = lane(1, false);
        transport.answer = piece -> new Outcome.Retryable("unavailable", "busy", Duration.ofSeconds(90));
        lane.add(piece(1));
        loop.runTasks();
        transport.begunAt.clear();

        // When
        long deadline = loop.nanoTime() + Duration.ofSeconds(30).toNanos();
        lane.drain(deadline, () -> idle.add("idle"));
        loop.pass(Duration.ofSeconds(30));

        // Then
        assertThat(transport.begunAt).hasSizeGreaterThan(8).first().isEqualTo(0L);
        for (int i = 1; i < transport.begunAt.size(); i++) {
            long before = transport.begunAt.get(i - 1);
            assertThat(transport.begunAt.get(i) - before)
                    .isLessThanOrEqualTo(Math.max(Duration.ofSeconds(1).toNanos(), (deadline - before) / 4));
        }
        assertThat(record.dropped).containsExactly("1 shutdown");
        assertThat(idle).containsExactly("idle");
    }

    @Test
    void shouldBeginWithShortPausesWhenItIsDrained() {
        Lane lane = lane(4, false);
        transport.answer = piece -> DOWN;
        lane.add(piece(1));
        loop.pass(Duration.ofMinutes(3)); // pauses are 30 s by now
        transport.begunAt.clear();

        lane.drain(loop.nanoTime() + Duration.ofMinutes(2).toNanos(), () -> {});
        loop.pass(Duration.ofSeconds(4));

        assertThat(transport.begunAt).describedAs("after 0, 1 and 2.5 s").hasSizeBetween(3, 4);
    }

    @Test
    void shouldTryMoreThanOnceInAShortDrain() {
        Lane lane = lane(4, false);
        transport.answer = piece -> DOWN;
        lane.add(piece(1));
        loop.pass(Duration.ofMinutes(1));
        int before = transport.begun.size();

        lane.drain(loop.nanoTime() + Duration.ofMillis(500).toNanos(), () -> idle.add("idle"));
        loop.pass(Duration.ofMillis(500));

        assertThat(transport.begun).hasSizeBetween(before + 3, before + 5);
        assertThat(record.dropped).containsExactly("1 shutdown");
        assertThat(idle).containsExactly("idle");
    }

    @Test
    void shouldGiveUpAtTheDeadlineWhatIsUnderWay() {
        Lane lane = lane(1, false);
        transport.answer = piece -> null;
        lane.add(piece(1));
        lane.add(piece(2));

        lane.drain(Duration.ofSeconds(3).toNanos(), () -> idle.add("idle"));
        loop.pass(Duration.ofMillis(2_999));
        assertThat(idle).isEmpty();
        loop.pass(Duration.ofMillis(1));

        assertThat(record.dropped).containsExactly("1 shutdown", "2 shutdown");
        assertThat(record.cancelled).isEqualTo(1);
        assertThat(idle).containsExactly("idle");
    }
}
