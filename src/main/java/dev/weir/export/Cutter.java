package dev.weir.export;

import dev.weir.otlp.RequestBytes;
import dev.weir.otlp.RequestSplitter;
import dev.weir.pipeline.Signal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Cuts requests that are too large. The whole is held until its parts are settled, so the parts need room in the queue
 * beside it; a request for which there is none waits until the lane has no parts any more. Confined to the lane's loop.
 */
final class Cutter {

    private final Signal signal;
    private final Settlement settlement;
    private final ArrayDeque<Oversized> waiting = new ArrayDeque<>();

    private record Oversized(Piece piece, int maxBytes, String why) {}

    Cutter(Signal signal, Settlement settlement) {
        this.signal = signal;
        this.settlement = settlement;
    }

    /** @param why it is too large */
    void add(Piece piece, int maxBytes, String why) {
        Oversized oversized = new Oversized(piece, maxBytes, why);
        if (piece.isPart()) {
            waiting.addFirst(oversized);
        } else {
            waiting.addLast(oversized);
        }
    }

    /** Requests that wait to be cut. */
    int size() {
        return waiting.size();
    }

    /**
     * The parts of the next request; none when it was dropped, or still waits for room.
     *
     * @param hasParts whether the lane has parts of other requests
     */
    List<Piece> cutNext(boolean hasParts) {
        Oversized next = waiting.element();
        // A part is cut at once: what waits until the lane has none would wait for itself.
        boolean always = !hasParts || next.piece.isPart();
        long most = RequestSplitter.mostBytes(next.piece.bytes.length(), next.maxBytes);
        if (!settlement.takeRoom(most, always)) {
            return List.of();
        }
        waiting.remove();
        try {
            return cut(next);
        } catch (RuntimeException | Error e) {
            settlement.broke(next.piece, e);
            return List.of();
        } finally {
            settlement.leaveRoom(most); // the parts have taken what they need
        }
    }

    private List<Piece> cut(Oversized oversized) {
        Piece piece = oversized.piece;
        List<RequestSplitter.Part> parts = List.of();
        String why = oversized.why;
        if (piece.items > 1) {
            try {
                parts = RequestSplitter.split(signal.requestType(), piece.bytes.toArray(), oversized.maxBytes);
            } catch (RequestSplitter.TooScatteredException e) {
                why = Objects.requireNonNullElse(e.getMessage(), why);
            }
        }
        if (parts.size() < 2) {
            settlement.dropped(piece, "too_large", why);
            return List.of();
        }
        List<Piece> pieces = new ArrayList<>(parts.size());
        parts.forEach(part -> pieces.add(new Piece(piece.delivery, RequestBytes.of(part.bytes()), part.items())));
        settlement.split(piece, pieces);
        return pieces;
    }

    List<Piece> pollAll() {
        List<Piece> all = waiting.stream().map(Oversized::piece).toList();
        waiting.clear();
        return all;
    }
}
