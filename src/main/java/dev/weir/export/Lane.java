package dev.weir.export;

import dev.weir.otlp.RequestSplitter;
import dev.weir.otlp.RequestType;
import dev.weir.pipeline.Signal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one signal to one destination, sent first come first served. Confined to the destination's loop.
 *
 * <p>After a retryable failure the lane pauses and then probes: one request at a time until one succeeds, with longer and
 * longer pauses. A lane in order (metrics) tries the same request until it is settled. Any other alternates between what
 * failed and what is new, so that one request that the destination always fails on does not hold back the others.
 */
final class Lane {

    private final Signal signal;
    private final Settings settings;
    private final Loop loop;
    private final Transport transport;
    private final Settlement settlement;

    private final ArrayDeque<Piece> fresh = new ArrayDeque<>();
    private final PriorityQueue<Piece> retries = new PriorityQueue<>(Comparator.comparingLong(p -> p.dueNanos));
    private final Set<Attempt> inFlight = new LinkedHashSet<>();
    private final List<Runnable> whenIdle = new ArrayList<>();

    private final Pauses pauses;
    private boolean lastWasRetry;
    private Loop.@Nullable Timer wake;
    private long wakeNanos;
    private @Nullable Long drainedByNanos;
    private boolean closed;

    Lane(Signal signal, Settings settings, Loop loop, Transport transport, Settlement settlement) {
        this.signal = signal;
        this.settings = settings;
        this.loop = loop;
        this.transport = transport;
        this.settlement = settlement;
        this.pauses = new Pauses(settings.backoff(), settings.totalNanos());
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
            settlement.dropped(piece, "shutdown", "it came after the end of the drain");
            return;
        }
        fresh.addLast(piece);
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
            List<Piece> waiting = new ArrayList<>(retries);
            retries.clear();
            waiting.forEach(p -> p.startAgain(now));
            retries.addAll(waiting);
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
            if (attempt.call != null) {
                attempt.call.cancel();
            }
            settlement.cancelled();
            settlement.dropped(attempt.piece, "shutdown", why);
        }
        dropWaiting(why);
        pump();
    }

    private void pump() {
        while (inFlight.size() < (pauses.isProbing() ? 1 : settings.concurrency())) {
            long now = loop.nanoTime();
            if (pauses.isPausing(now) && !(fresh.isEmpty() && retries.isEmpty())) {
                wakeAt(pauses.untilNanos(), now);
                return;
            }
            Piece piece = next(now);
            if (piece != null) {
                send(piece, now);
            } else {
                if (!retries.isEmpty()) {
                    wakeAt(retries.element().dueNanos, now);
                }
                break;
            }
        }
        tellIfIdle();
    }

    private @Nullable Piece next(long now) {
        Piece retry = retries.peek();
        boolean due = retry != null && retry.dueNanos - now <= 0;
        if (settings.inOrder() && retry != null) {
            return due ? retries.poll() : null;
        }
        boolean freshTurn = pauses.isProbing() && lastWasRetry && !fresh.isEmpty();
        lastWasRetry = due && !freshTurn;
        return lastWasRetry ? retries.poll() : fresh.poll();
    }

    private void send(Piece piece, long now) {
        if (piece.bytes.length > settings.maxMessageSize()) {
            split(piece, settings.maxMessageSize(), "it is over max-message-size");
            return;
        }
        if (piece.attempts++ == 0) {
            piece.firstTriedNanos = now;
        }
        Attempt attempt = new Attempt(piece, now);
        inFlight.add(attempt);
        settlement.began(piece);
        attempt.call =
                transport.send(signal, piece.bytes, piece.items, outcome -> loop.run(() -> answered(attempt, outcome)));
    }

    private void answered(Attempt attempt, Outcome outcome) {
        if (!inFlight.remove(attempt)) {
            return; // given up meanwhile
        }
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
                settlement.dropped(piece, "permanent_" + permanent.label(), permanent.message());
            }
            case Outcome.TooLarge tooLarge -> {
                pauses.succeeded();
                split(piece, Math.max(1, piece.bytes.length / 2), tooLarge.message());
            }
        }
        pump();
    }

    private void failed(Attempt attempt, Outcome.Retryable outcome, long now) {
        Piece piece = attempt.piece;
        piece.failures++;
        long left = piece.firstTriedNanos + settings.totalNanos() - now;
        // The last try of a piece is at the end of its time, not a pause later.
        long most = left > 0 ? left : Long.MAX_VALUE;
        boolean again = pauses.failed(attempt.begunNanos, now, outcome.after(), most);
        if (left <= 0) {
            settlement.dropped(piece, "retries_exhausted", outcome.message());
        } else {
            piece.dueNanos = now + Math.min(pauses.nanos(outcome.after(), piece.failures, now), left);
            retries.add(piece);
        }
        if (again) {
            dropExhausted(now, outcome.message());
        }
        if (pauses.isTooLate(now)) {
            closed = true;
            dropWaiting(outcome.message());
        }
    }

    /** The destination has just failed again: what has been tried for long enough has no more to hope for. */
    private void dropExhausted(long now, String why) {
        List<Piece> exhausted = new ArrayList<>();
        retries.removeIf(p -> {
            boolean over = p.firstTriedNanos + settings.totalNanos() - now <= 0;
            if (over) {
                exhausted.add(p);
            }
            return over;
        });
        exhausted.forEach(p -> settlement.dropped(p, "retries_exhausted", why));
    }

    private void dropWaiting(String why) {
        List<Piece> waiting = new ArrayList<>(retries);
        waiting.addAll(fresh);
        retries.clear();
        fresh.clear();
        waiting.forEach(p -> settlement.dropped(p, "shutdown", why));
    }

    private void split(Piece piece, int maxBytes, String why) {
        List<RequestSplitter.Part> parts = piece.items > 1 ? cut(piece, maxBytes) : List.of();
        if (parts.size() < 2) {
            settlement.dropped(piece, "too_large", why);
            return;
        }
        settlement.split(piece, parts.size());
        for (RequestSplitter.Part part : parts.reversed()) {
            Piece cut = new Piece(piece.delivery, part.bytes(), part.items());
            if (part.bytes().length > settings.maxMessageSize() && part.items() <= 1) {
                settlement.dropped(cut, "too_large", why);
            } else {
                fresh.addFirst(cut);
            }
        }
    }

    private List<RequestSplitter.Part> cut(Piece piece, int maxBytes) {
        try {
            return RequestSplitter.split(RequestType.valueOf(signal.name()), piece.bytes, maxBytes);
        } catch (RuntimeException e) {
            return List.of(); // cannot be cut: dropped and counted, where an exception would lose it
        }
    }

    private void wakeAt(long nanos, long now) {
        if (wake != null) {
            if (wakeNanos - nanos <= 0) {
                return;
            }
            wake.cancel();
        }
        wakeNanos = nanos;
        wake = loop.after(Math.max(0, nanos - now), () -> {
            wake = null;
            pump();
        });
    }

    private void tellIfIdle() {
        if (!whenIdle.isEmpty() && inFlight.isEmpty() && fresh.isEmpty() && retries.isEmpty()) {
            List<Runnable> told = List.copyOf(whenIdle);
            whenIdle.clear();
            told.forEach(Runnable::run);
        }
    }
}
