package dev.weir.enrich.senders;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * About how many bytes came lately from each of those who have no place in the table: a count-min sketch. Its answer is
 * never too low, and too high by the share of one cell in all that newcomers sent.
 */
final class Newcomers {

    private static final int CELLS = 1 << 12;

    private final AtomicLongArray first = new AtomicLongArray(CELLS);
    private final AtomicLongArray second = new AtomicLongArray(CELLS);

    /** Bytes that came under the hash lately, these included. */
    long add(int hash, long bytes) {
        int spread = hash * 0x9E3779B9;
        long a = first.addAndGet(spread >>> 20, bytes);
        long b = second.addAndGet((hash ^ hash >>> 15) * 0x85EBCA6B >>> 20, bytes);
        return Math.min(a, b);
    }

    /** What is added meanwhile may be halved as well. */
    void fade(int halvings) {
        for (int i = 0; i < CELLS; i++) {
            halve(first, i, halvings);
            halve(second, i, halvings);
        }
    }

    private static void halve(AtomicLongArray cells, int index, int halvings) {
        long bytes = cells.get(index);
        if (bytes != 0) {
            cells.set(index, bytes >> halvings);
        }
    }
}
