package dev.weir.export;

import dev.weir.pipeline.Signal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one signal to one destination, sent first come first served. Confined to the destination's loop.
 *
 * <p>After a retryable failure the lane pauses and then probes: one request at a time until one succeeds, with longer and
 * longer pauses. A lane in order (metrics) tries the same request until it is settled. Any other alternates between what
 * failed and what is new, so that one request that the destination always fails on does not hold back the others.
 *
 * <p>Whatever is thrown on the way of one request drops that one and is told; the others go on.
 */
final class Lane {

    private final Signal signal;
    private final Settings settings;
    private final Loop loop;
    private final Transport transport;
    private final SendWindow window;
    private final Settlement settlement;

    private final Backlog backlog;
    private final Cutter cutter;
    private final Pauses pauses;
    private final Alarm alarm;
    private final Set<Attempt> inFlight = new LinkedHashSet<>();
    private final List<Runnable> whenIdle = new ArrayList<>();
    private final Runnable whenRoom = this::pump;

    private @Nullable Long drainedByNanos;
    private boolean closed;

    /** @param window what all lanes of the destination may have under way */
    Lane(Signal signal, Settings settings, Loop loop, Transport transport, SendWindow window, Settlement settlement) {
        this.signal = signal;
        this.settings = settings;
        this.loop = loop;
        this.transport = transport;
        this.window = window;
        this.settlement = settlement;
        this.backlog = new Backlog(settings.inOrder());
        this.cutter = new Cutter(signal, settlement);
        this.pauses = new Pauses(settings.backoff(), settings.totalNanos());
        this.alarm = new Alarm(loop, this::pump);
    }

    /**
     * @param concurrency requests under way at once
     * @param inOrder whether a request must not be sent before the one that came before it is settled
     * @param maxMessageSize no longer request is sent, in bytes
     * @param totalNanos a request that has been tried for so long is given up
     */
    record Settings(int concurrency, boolean inOrder, int maxMessageSize, long totalNanos, Backoff backoff) {}

    private static final class Attempt {
        final Piece piece;
        final long begunNanos;
        Transport.@Nullable Call call;

        Attempt(Piece piece, long begunNanos) {
            this.piece = piece;
            this.begunNanos = begunNanos;
        }
    }

    void add(Piece piece) {
        if (closed || (drainedByNanos != null && loop.nanoTime() - drainedByNanos >= 0)) {
            drop(piece, "shutdown", "it came after the end of the drain");
            return;
        }
        backlog.add(piece);
        pump();
    }

    /**
     * Sends what is there, and what still comes, and keeps trying what fails until the deadline; then drops it, and what
     * comes after. Idle is told once nothing is left.
     */
    void drain(long deadlineNanos, Runnable idle) {
        whenIdle.add(idle);
        if (drainedByNanos == null || deadlineNanos - drainedByNanos < 0) {
            drainedByNanos = deadlineNanos;
            loop.after(Math.max(0, deadlineNanos - loop.nanoTime()), () -> giveUp("the time to drain was over"));
            pauses.drain(deadlineNanos);
            long now = loop.nanoTime();
            backlog.startAgain(now);
            inFlight.forEach(attempt -> attempt.piece.startAgain(now));
        }
        pump();
    }

    /** Drops everything, requests under way too: whether these arrived is not known. */
    void giveUp(String why) {
        closed = true;
        List<Attempt> cut = new ArrayList<>(inFlight);
        inFlight.clear();
        for (Attempt attempt : cut) {
            window.leave(attempt.piece.bytes.length());
            settlement.cancelled();
            drop(attempt.piece, "shutdown", why);
            cancel(attempt);
        }
        dropWaiting(why);
        pump();
    }

    private void cancel(Attempt attempt) {
        try {
            if (attempt.call != null) {
                attempt.call.cancel();
            }
        } catch (RuntimeException | Error e) {
            settlement.broke(attempt.piece, e);
        }
    }

    private void pump() {
        while (inFlight.size() < (pauses.isProbing() ? 1 : settings.concurrency())) {
            cutWaiting();
            long now = loop.nanoTime();
            if (pauses.isPausing(now) && !backlog.isEmpty()) {
                alarm.setFor(pauses.untilNanos());
                return;
            }
            Piece piece = backlog.poll(now, pauses.isProbing());
            if (piece == null) {
                Piece retry = backlog.nextRetry();
                if (retry != null) {
                    alarm.setFor(retry.dueNanos);
                }
                break;
            }
            if (piece.bytes.length() > settings.maxMessageSize()) {
                cutter.add(piece, settings.maxMessageSize(), "it is over max-message-size");
                continue;
            }
            if (!window.tryTake(piece.bytes.length(), whenRoom)) {
                backlog.putBack(piece);
                break;
            }
            Attempt attempt = new Attempt(piece, now);
            inFlight.add(attempt);
            try {
                send(attempt);
            } catch (OutOfMemoryError e) {
                // The network's memory is used up. It is free again when others are sent, so this one is as good as
                // ever.
                ended(attempt, new Outcome.Retryable("memory", "no memory to send it: " + e.getMessage(), null));
            } catch (RuntimeException | Error e) {
                if (left(attempt)) {
                    settlement.cancelled();
                }
                settlement.broke(piece, e);
            }
        }
        tellIfIdle();
    }

    private void send(Attempt attempt) {
        Piece piece = attempt.piece;
        if (piece.attempts++ == 0) {
            piece.firstTriedNanos = attempt.begunNanos;
        }
        settlement.began(piece);
        attempt.call =
                transport.send(signal, piece.bytes, piece.items, outcome -> loop.run(() -> answered(attempt, outcome)));
    }

    private void answered(Attempt attempt, Outcome outcome) {
        ended(attempt, outcome);
        pump();
    }

    private void ended(Attempt attempt, Outcome outcome) {
        if (!left(attempt)) {
            return; // given up meanwhile
        }
        try {
            settle(attempt, outcome);
        } catch (RuntimeException | Error e) {
            backlog.remove(attempt.piece);
            settlement.broke(attempt.piece, e);
        }
    }

    /** False when it was not under way any more. */
    private boolean left(Attempt attempt) {
        boolean was = inFlight.remove(attempt);
        if (was) {
            window.leave(attempt.piece.bytes.length());
        }
        return was;
    }

    private void settle(Attempt attempt, Outcome outcome) {
        Piece piece = attempt.piece;
        long now = loop.nanoTime();
        settlement.answered(piece, outcome, now - attempt.begunNanos);
        switch (outcome) {
            case Outcome.Retryable retryable -> failed(attempt, retryable, now);
            case Outcome.Taken taken -> {
                pauses.succeeded();
                settlement.sent(piece, Math.clamp(taken.rejected(), 0, piece.items));
            }
            case Outcome.Permanent permanent -> {
                pauses.succeeded();
                drop(piece, "permanent_" + permanent.label(), permanent.message());
            }
            case Outcome.TooLarge tooLarge -> {
                pauses.succeeded();
                cutter.add(piece, halfOf(piece), tooLarge.message());
            }
        }
    }

    private void failed(Attempt attempt, Outcome.Retryable outcome, long now) {
        Piece piece = attempt.piece;
        piece.failures++;
        long left = piece.firstTriedNanos + settings.totalNanos() - now;
        // The last try of a piece is at the end of its time, not a pause later.
        long most = left > 0 ? left : Long.MAX_VALUE;
        boolean again = pauses.failed(attempt.begunNanos, now, outcome.after(), most);
        if (left <= 0) {
            drop(piece, "retries_exhausted", outcome.message());
        } else {
            piece.dueNanos = now + Math.min(pauses.nanos(outcome.after(), piece.failures, now), left);
            backlog.addRetry(piece);
        }
        if (again) {
            // The destination has just failed again: what has been tried for long enough has no more to hope for.
            backlog.pollTriedFor(settings.totalNanos(), now)
                    .forEach(p -> drop(p, "retries_exhausted", outcome.message()));
        }
        if (pauses.isTooLate(now)) {
            closed = true;
            dropWaiting(outcome.message());
        }
    }

    private void dropWaiting(String why) {
        backlog.pollAll().forEach(p -> drop(p, "shutdown", why));
        cutter.pollAll().forEach(p -> drop(p, "shutdown", why));
    }

    private void drop(Piece piece, String reason, String why) {
        try {
            settlement.dropped(piece, reason, why);
        } catch (RuntimeException | Error e) {
            settlement.broke(piece, e);
        }
    }

    /** A little more than half, so that two parts are enough although each repeats resources and scopes. */
    private static int halfOf(Piece piece) {
        int length = piece.bytes.length();
        return Math.max(1, length / 2 + length / 16);
    }

    private void cutWaiting() {
        boolean more = cutter.size() > 0;
        while (more) {
            int before = cutter.size();
            backlog.addFirst(cutter.cutNext(hasParts()));
            more = cutter.size() > 0 && cutter.size() < before;
        }
    }

    private boolean hasParts() {
        return backlog.hasParts() || inFlight.stream().anyMatch(attempt -> attempt.piece.isPart());
    }

    private void tellIfIdle() {
        if (!whenIdle.isEmpty() && inFlight.isEmpty() && backlog.isEmpty() && cutter.size() == 0) {
            List<Runnable> told = List.copyOf(whenIdle);
            whenIdle.clear();
            told.forEach(Runnable::run);
        }
    }
}
