package dev.weir.export;

import dev.weir.otlp.RequestBytes;
import dev.weir.pipeline.Batch;
import dev.weir.pipeline.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;

/** A lane whose transport follows a script, in time that passes when the test says so. */
abstract class LaneFixture {

    static final Duration TOTAL = Duration.ofMinutes(5);
    static final Outcome TAKEN = new Outcome.Taken(0, "");
    static final Outcome DOWN = new Outcome.Retryable("unavailable", "down", null);

    final ManualLoop loop = new ManualLoop();
    final Script transport = new Script();
    final Record record = new Record();
    final List<String> idle = new ArrayList<>();
    SendWindow window = new SendWindow(1 << 20, loop);

    Lane lane(int concurrency, boolean inOrder) {
        Backoff backoff = new Backoff(Duration.ofSeconds(1), 1.5, Duration.ofSeconds(30), new Random(1));
        return new Lane(
                Signal.TRACES,
                new Lane.Settings(concurrency, inOrder, 1 << 20, TOTAL.toNanos(), backoff),
                loop,
                transport,
                window,
                record);
    }

    static Piece piece(int number) {
        byte[] bytes = {(byte) number};
        Batch batch = new Batch(Signal.TRACES, RequestBytes.of(bytes), 1, 0, 1, () -> {});
        return new Piece(new Piece.Delivery(batch, bytes.length), batch.bytes(), 1);
    }

    /** Answers at once; not at all where the script says null. */
    final class Script implements Transport {
        Function<Integer, Outcome> answer = piece -> TAKEN;
        final List<Integer> begun = new ArrayList<>();
        final List<Long> begunAt = new ArrayList<>();
        boolean tellBeforeThrowing;
        int underWay;
        int most;

        @Override
        public Call send(Signal signal, RequestBytes bytes, int items, Consumer<Outcome> done) {
            if (tellBeforeThrowing) {
                done.accept(TAKEN);
                throw new IllegalStateException("a test");
            }
            int number = bytes.toArray()[0];
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

    static final class Record implements Settlement {
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
            if (piece.bytes.toArray()[0] == failing) {
                throw new IllegalStateException("a bug");
            }
            sent.add((int) piece.bytes.toArray()[0]);
        }

        @Override
        public void dropped(Piece piece, String reason, String why) {
            dropped.add(piece.bytes.toArray()[0] + " " + reason);
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
