package dev.weir.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.pipeline.Batch;
import dev.weir.pipeline.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Retries over minutes, in no time. */
class LaneTest {

    private static final Duration TOTAL = Duration.ofMinutes(5);
    private static final Outcome TAKEN = new Outcome.Taken(0, "");
    private static final Outcome DOWN = new Outcome.Retryable("unavailable", "down", null);

    private final ManualLoop loop = new ManualLoop();
    private final Script transport = new Script();
    private final Record record = new Record();
    private final List<String> idle = new ArrayList<>();
    private SendWindow window = new SendWindow(1 << 20, loop);

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

    @Test
    void shouldGoOnWhenTheTransportThrows() {
        // Given a transport that fails on one request
        Lane lane = lane(1, false);
        transport.answer = piece -> {
            if (piece == 1) {
                throw new IllegalStateException("a bug");
            }
            return TAKEN;
        };

        // When
        lane.add(piece(0));
        lane.add(piece(1));
        lane.add(piece(2));
        lane.drain(Duration.ofSeconds(3).toNanos(), () -> idle.add("idle"));
        loop.runTasks();

        // Then that one is dropped, once, and is not under way any more
        assertThat(record.sent).containsExactly(0, 2);
        assertThat(record.dropped).containsExactly("1 internal_error");
        assertThat(record.cancelled).isEqualTo(1);
        assertThat(idle).containsExactly("idle");
    }

    @Test
    void shouldTryAgainWhatTheNetworkHasNoMemoryFor() {
        // Given a transport that cannot get buffers
        Lane lane = lane(4, false);
        transport.answer = piece -> {
            throw new OutOfMemoryError("direct buffers");
        };
        for (int i = 0; i < 10; i++) {
            lane.add(piece(i));
        }
        loop.pass(Duration.ofSeconds(20));
        assertThat(record.dropped).isEmpty();

        // When there is memory again
        transport.answer = piece -> TAKEN;
        loop.pass(Duration.ofSeconds(40));

        // Then nothing is lost
        assertThat(record.sent).hasSize(10).doesNotHaveDuplicates();
        assertThat(record.dropped).isEmpty();
        assertThat(window.underWay()).isZero();
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

    @Test
    void shouldNotSettleTwiceWhenTheTransportTellsAndThrows() {
        Lane lane = lane(1, false);
        transport.tellBeforeThrowing = true;

        lane.add(piece(1));
        lane.add(piece(2));
        loop.runTasks();

        assertThat(record.sent).isEmpty();
        assertThat(record.dropped).containsExactly("1 internal_error", "2 internal_error");
    }

    @Test
    void shouldGoOnWhenItsRequestsCannotBeSettled() {
        Lane lane = lane(1, true);
        record.failing = 1;

        lane.add(piece(0));
        lane.add(piece(1));
        lane.add(piece(2));
        loop.runTasks();

        assertThat(record.sent).containsExactly(0, 2);
        assertThat(record.dropped).containsExactly("1 internal_error");
    }

    @Test
    void shouldGoOnWhenARequestCannotBeSplit() {
        // Given a request that has not got the items that it is said to have
        Lane lane = lane(1, false);
        transport.answer = piece -> piece == 1 ? new Outcome.TooLarge("http_413", "") : TAKEN;

        // When
        lane.add(new Piece(piece(1).delivery, new byte[] {1, 2, 3}, 2));
        lane.add(piece(2));
        loop.runTasks();

        // Then
        assertThat(record.sent).containsExactly(2);
        assertThat(record.dropped).hasSize(1);
    }

    private Lane lane(int concurrency, boolean inOrder) {
        Backoff backoff = new Backoff(Duration.ofSeconds(1), 1.5, Duration.ofSeconds(30), new Random(1));
        return new Lane(
                Signal.TRACES,
                new Lane.Settings(concurrency, inOrder, 1 << 20, TOTAL.toNanos(), backoff),
                loop,
                transport,
                window,
                record);
    }

    private static Piece piece(int number) {
        byte[] bytes = {(byte) number};
        Batch batch = new Batch(Signal.TRACES, bytes, 1, 0, 1, () -> {});
        return new Piece(new Piece.Delivery(batch, bytes.length), bytes, 1);
    }

    /** Answers at once; not at all where the script says null. */
    private final class Script implements Transport {
        Function<Integer, Outcome> answer = piece -> TAKEN;
        final List<Integer> begun = new ArrayList<>();
        final List<Long> begunAt = new ArrayList<>();
        boolean tellBeforeThrowing;
        int underWay;
        int most;

        @Override
        public Call send(Signal signal, byte[] bytes, int items, Consumer<Outcome> done) {
            if (tellBeforeThrowing) {
                done.accept(TAKEN);
                throw new IllegalStateException("a test");
            }
            int number = bytes[0];
            begun.add(number);
            begunAt.add(loop.nanoTime());
            Outcome outcome = answer.apply(number);
            most = Math.max(most, ++underWay);
            if (outcome != null) {
                loop.run(() -> {
                    underWay--;
                    done.accept(outcome);
                });
            }
            return () -> {};
        }

        @Override
        public void close() {}
    }

    private static final class Record implements Settlement {
        final List<Integer> sent = new ArrayList<>();
        final List<String> dropped = new ArrayList<>();
        int cancelled;
        int failing = -1;

        @Override
        public void began(Piece piece) {}

        @Override
        public void answered(Piece piece, Outcome outcome, long tookNanos) {}

        @Override
        public void sent(Piece piece, long rejected) {
            if (piece.bytes[0] == failing) {
                throw new IllegalStateException("a bug");
            }
            sent.add((int) piece.bytes[0]);
        }

        @Override
        public void dropped(Piece piece, String reason, String why) {
            dropped.add(piece.bytes[0] + " " + reason);
        }

        @Override
        public boolean takeRoom(long bytes, boolean always) {
            return true;
        }

        @Override
        public void leaveRoom(long bytes) {}

        @Override
        public void split(Piece piece, List<Piece> parts) {}

        @Override
        public void cancelled() {
            cancelled++;
        }

        @Override
        public void broke(Piece piece, Throwable fault) {
            dropped(piece, "internal_error", fault.toString());
        }
    }
}
