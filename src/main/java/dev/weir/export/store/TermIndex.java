package dev.weir.export.store;

import java.util.Arrays;
import java.util.BitSet;

/**
 * From a term's hash to the traces that may contain it. Only grows, until it is cleared with its segment.
 *
 * <p>An open-addressing table leads to lists in one list, each entry a trace's number and the next entry. A trace that
 * comes again directly after itself is not listed twice; otherwise it may be, which a reader does not notice.
 */
final class TermIndex {

    /** The empty list. */
    static final int NONE = 0;

    private static final int SMALLEST = 64;

    /** A larger table is not kept: a segment of usual size does not need it, but each would pay for it. */
    private final long keptTableBytes;

    private int[] hashes = new int[SMALLEST];
    private int[] lists = new int[SMALLEST];
    private int terms;
    /** Pairs: trace, next. Entry 0 is never used. */
    private final IntList entries;

    /** @param segmentBytes what its segment should hold */
    TermIndex(ChunkPool<int[]> ints, long segmentBytes) {
        keptTableBytes = segmentBytes / 4;
        entries = new IntList(ints);
        clear();
    }

    void add(int hash, int trace) {
        int slot = slot(hash);
        if (lists[slot] == NONE) {
            if (2 * ++terms > hashes.length) {
                grow();
                slot = slot(hash);
            }
            hashes[slot] = hash;
        }
        lists[slot] = push(lists[slot], trace);
    }

    /** The head of the list with the trace in front. */
    int push(int list, int trace) {
        if (list != NONE && entries.get(2 * list) == trace) {
            return list;
        }
        int entry = entries.size() / 2;
        entries.add(trace);
        entries.add(list);
        return entry;
    }

    /** The head of the term's list. */
    int list(int hash) {
        return lists[slot(hash)];
    }

    void collect(int list, BitSet traces) {
        for (int entry = list; entry != NONE; entry = entries.get(2 * entry + 1)) {
            traces.set(entries.get(2 * entry));
        }
    }

    /** Forgets all, and keeps its table unless one endless trace has made it large. */
    void clear() {
        if (tableBytes() > keptTableBytes) {
            hashes = new int[SMALLEST];
            lists = new int[SMALLEST];
        } else {
            Arrays.fill(lists, NONE);
        }
        terms = 0;
        entries.clear();
        entries.add(NONE);
        entries.add(NONE);
    }

    /** Bytes that what is in it takes. */
    long used() {
        return (long) Integer.BYTES * (entries.size() + 4L * terms);
    }

    /** Bytes of the heap. */
    long bytes() {
        return tableBytes() + 2L * Footprint.ARRAY + entries.bytes();
    }

    private long tableBytes() {
        return (long) Integer.BYTES * (hashes.length + lists.length);
    }

    private int slot(int hash) {
        int mask = hashes.length - 1;
        int slot = hash & mask;
        while (lists[slot] != NONE && hashes[slot] != hash) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private void grow() {
        int[] oldHashes = hashes;
        int[] oldLists = lists;
        hashes = new int[2 * oldHashes.length];
        lists = new int[2 * oldHashes.length];
        for (int i = 0; i < oldHashes.length; i++) {
            if (oldLists[i] != NONE) {
                int slot = slot(oldHashes[i]);
                hashes[slot] = oldHashes[i];
                lists[slot] = oldLists[i];
            }
        }
    }
}
