package dev.weir.export;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * How many bytes one destination may have under way, over all of its lanes: a request is copied whole into the network's
 * direct memory before it is sent, which the budget does not count. Each destination has a window of its own, so that one
 * that hangs does not hold back the others. An empty window takes any request. Confined to the destination's loop.
 */
final class SendWindow {

    private final long limit;
    private final Loop loop;
    private final Set<Runnable> waiting = new LinkedHashSet<>();
    private long underWay;

    /** @param limit bytes */
    SendWindow(long limit, Loop loop) {
        this.limit = limit;
        this.loop = loop;
    }

    /** @param whenRoom run once, later, when it was refused and something has ended since */
    boolean tryTake(long bytes, Runnable whenRoom) {
        if (underWay > 0 && underWay + bytes > limit) {
            waiting.add(whenRoom);
            return false;
        }
        underWay += bytes;
        return true;
    }

    void leave(long bytes) {
        underWay -= bytes;
        List<Runnable> told = List.copyOf(waiting);
        waiting.clear();
        told.forEach(loop::run);
    }

    long underWay() {
        return underWay;
    }
}
