package dev.weir.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Retries over minutes, in no time. */
class LaneTest extends LaneFixture {

    @Test
    void shouldLoseNothingWhenTheDestinationIsGoneForFiveMinutes() {
        // Given a destination that is down
        Lane lane = lane(4, false);
        transport.answer = piece -> DOWN;
        for (int i = 0; i < 100; i++) {
            lane.add(piece(i));
        }

        // When it comes back within the time that a request is tried
        loop.pass(TOTAL.minusSeconds(1));
        transport.answer = piece -> TAKEN;
        loop.pass(Duration.ofSeconds(40));

        // Then all arrived
        assertThat(record.sent).hasSize(100).doesNotHaveDuplicates();
        assertThat(record.dropped).isEmpty();
    }

    @Test
    void shouldProbeOneAtATimeWhileTheDestinationIsDown() {
        Lane lane = lane(4, false);
        transport.answer = piece -> DOWN;
        for (int i = 0; i < 100; i++) {
            lane.add(piece(i));
        }
        loop.pass(TOTAL);

        // 4 at once, then pauses of 1, 1.5, 2.25 … 30 s, each at least a fifth less: at most 20 in five minutes
        assertThat(transport.begun).hasSizeBetween(4 + 10, 4 + 20);
        assertThat(transport.most).isEqualTo(4);
    }

    @Test
    void shouldDropWhatWasTriedForTheWholeTime() {
        Lane lane = lane(4, false);
        transport.answer = piece -> DOWN;
        lane.add(piece(1));

        loop.pass(TOTAL.minusMillis(1));
        assertThat(record.dropped).isEmpty();
        loop.pass(Duration.ofMillis(2));

        assertThat(record.dropped).containsExactly("1 retries_exhausted");
    }

    @Test
    void shouldNotLetOneRequestHoldBackTheOthers() {
        // Given a request that the destination always fails on
        Lane lane = lane(1, false);
        transport.answer = piece -> piece == 0 ? DOWN : TAKEN;

        // When others wait behind it
        for (int i = 0; i < 50; i++) {
            lane.add(piece(i));
        }
        loop.pass(Duration.ofSeconds(5));

        // Then they went by
        assertThat(record.sent).hasSize(49);
        loop.pass(TOTAL.plusSeconds(30));
        assertThat(record.dropped).containsExactly("0 retries_exhausted");
    }

    @Test
    void shouldKeepTheOrderWhereItIsAsked() {
        Lane lane = lane(1, true);
        Random random = new Random(3);
        transport.answer = piece -> random.nextBoolean() ? DOWN : TAKEN;
        for (int i = 0; i < 30; i++) {
            lane.add(piece(i));
        }
        loop.pass(Duration.ofHours(1));

        assertThat(record.sent).hasSize(30).isSorted();
    }

    @Test
    void shouldPauseAsLongAsTheDestinationAsks() {
        Lane lane = lane(4, false);
        transport.answer = piece -> new Outcome.Retryable("unavailable", "busy", Duration.ofSeconds(90));
        lane.add(piece(1));
        loop.runTasks();
        transport.answer = piece -> TAKEN;
        lane.add(piece(2));

        loop.pass(Duration.ofSeconds(89));
        assertThat(record.sent).isEmpty();
        loop.pass(Duration.ofSeconds(1 + 90 / 5)); // up to a fifth longer

        assertThat(record.sent).containsExactlyInAnyOrder(1, 2);
    }

    @Test
    void shouldNotSpinWhenTheDestinationAsksForNoPause() {
        Lane lane = lane(4, false);
        transport.answer = piece -> new Outcome.Retryable("unavailable", "again", Duration.ZERO);
        lane.add(piece(1));

        loop.pass(Duration.ofSeconds(10));

        assertThat(transport.begun).hasSizeBetween(10_000 / 120, 1 + 10_000 / 100);
    }

    @Test
    void shouldNotHaveMoreUnderWayThanTheWindow() {
        // Given two lanes of a destination with a window of three bytes, and requests of one byte
        window = new SendWindow(3, loop);
        Lane one = lane(4, false);
        Lane other = lane(4, false);

        // When
        for (int i = 0; i < 40; i++) {
            (i % 2 == 0 ? one : other).add(piece(i));
        }
        loop.runTasks();

        // Then
        assertThat(transport.most).isEqualTo(3);
        assertThat(record.sent).hasSize(40).doesNotHaveDuplicates();
        assertThat(window.underWay()).isZero();
    }

    @Test
    void shouldSendOneByOneWhatIsLongerThanTheWindow() {
        window = new SendWindow(0, loop);
        Lane lane = lane(4, true);

        for (int i = 0; i < 10; i++) {
            lane.add(piece(i));
        }
        loop.runTasks();

        assertThat(transport.most).isEqualTo(1);
        assertThat(record.sent).hasSize(10).isSorted();
    }
}
