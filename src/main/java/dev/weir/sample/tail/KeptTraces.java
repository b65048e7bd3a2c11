package dev.weir.sample.tail;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The kept traces of a round: where each ends in the list of the round's runs, and how it was decided. */
final class KeptTraces {

    private final List<Decision> decisions = new ArrayList<>();
    private int[] ends = new int[64];
    private int size;

    void clear() {
        size = 0;
    }

    /** @param decision is copied */
    void add(int end, Decision decision) {
        if (size == ends.length) {
            ends = Arrays.copyOf(ends, 2 * size);
        }
        if (size == decisions.size()) {
            decisions.add(new Decision());
        }
        ends[size] = end;
        decisions.get(size++).set(decision);
    }

    int size() {
        return size;
    }

    int end(int trace) {
        return ends[trace];
    }

    Decision decision(int trace) {
        return decisions.get(trace);
    }
}
