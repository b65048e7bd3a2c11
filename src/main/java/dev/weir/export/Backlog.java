package dev.weir.export;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * What waits in a lane: requests not sent yet, in the order they came, and requests to be tried again when they are due.
 * Confined to the lane's loop.
 */
final class Backlog {

    private final boolean inOrder;
    private final ArrayDeque<Piece> fresh = new ArrayDeque<>();
    private final PriorityQueue<Piece> retries = new PriorityQueue<>(Comparator.comparingLong(p -> p.dueNanos));
    private boolean lastWasRetry;

    /** @param inOrder whether a retry holds back what came after it */
    Backlog(boolean inOrder) {
        this.inOrder = inOrder;
    }

    void add(Piece piece) {
        fresh.addLast(piece);
    }

    /** Before all others, in the order of the list. */
    void addFirst(List<Piece> pieces) {
        pieces.reversed().forEach(fresh::addFirst);
    }

    void addRetry(Piece piece) {
        retries.add(piece);
    }

    /** Undoes a {@link #poll}. */
    void putBack(Piece piece) {
        if (piece.attempts > 0) {
            retries.add(piece);
        } else {
            fresh.addFirst(piece);
        }
    }

    boolean isEmpty() {
        return fresh.isEmpty() && retries.isEmpty();
    }

    boolean hasParts() {
        return fresh.stream().anyMatch(Piece::isPart) || retries.stream().anyMatch(Piece::isPart);
    }

    /** The first of the retries; null when there is none. */
    @Nullable
    Piece nextRetry() {
        return retries.peek();
    }

    /**
     * Takes the next one out; null when none is due.
     *
     * @param alternating whether retries and fresh ones take turns, so that one that always fails does not hold back others
     */
    @Nullable
    Piece poll(long now, boolean alternating) {
        Piece retry = retries.peek();
        boolean due = retry != null && retry.dueNanos - now <= 0;
        if (inOrder && retry != null) {
            return due ? retries.poll() : null;
        }
        boolean freshTurn = alternating && lastWasRetry && !fresh.isEmpty();
        lastWasRetry = due && !freshTurn;
        return lastWasRetry ? retries.poll() : fresh.poll();
    }

    void remove(Piece piece) {
        fresh.remove(piece);
        retries.remove(piece);
    }

    /** Makes all retries due. */
    void startAgain(long now) {
        List<Piece> waiting = new ArrayList<>(retries);
        retries.clear();
        waiting.forEach(p -> p.startAgain(now));
        retries.addAll(waiting);
    }

    /** Takes out the retries that were first tried so long ago. */
    List<Piece> pollTriedFor(long nanos, long now) {
        List<Piece> found = new ArrayList<>();
        retries.removeIf(p -> {
            boolean over = p.firstTriedNanos + nanos - now <= 0;
            if (over) {
                found.add(p);
            }
            return over;
        });
        return found;
    }

    List<Piece> pollAll() {
        List<Piece> all = new ArrayList<>(retries);
        all.addAll(fresh);
        retries.clear();
        fresh.clear();
        return all;
    }
}
