package dev.weir.export.store;

import java.util.ArrayList;
import java.util.List;

/**
 * The spans of a segment's traces: runs of bytes, one after the other in chunks, each with its head and the next run of the
 * same trace. No object for any. Guarded by the store's lock.
 */
final class Fragments {

    /** No fragment. */
    static final int NONE = -1;

    /** Ints of a fragment: two of the position where it begins, its head, the next of its trace. */
    private static final int ENTRY = 4;

    private static final int LOW = 1;
    private static final int HEAD = 2;
    private static final int NEXT = 3;

    private final ChunkPool<byte[]> pool;
    private final int shift;
    private final int mask;
    private final List<byte[]> chunks = new ArrayList<>();
    private long end;
    private final IntList entries;

    Fragments(ChunkPool<byte[]> pool, ChunkPool<int[]> ints) {
        this.pool = pool;
        this.shift = Integer.numberOfTrailingZeros(pool.length());
        this.mask = pool.length() - 1;
        this.entries = new IntList(ints);
    }

    /** Returns its number. */
    int add(int head, byte[] from, int length) {
        int number = entries.size() / ENTRY;
        entries.add((int) (end >>> Integer.SIZE));
        entries.add((int) end);
        entries.add(head);
        entries.add(NONE);
        write(from, length);
        return number;
    }

    /** The second follows the first in its trace. */
    void link(int first, int second) {
        entries.set(ENTRY * first + NEXT, second);
    }

    int next(int fragment) {
        return entries.get(ENTRY * fragment + NEXT);
    }

    int head(int fragment) {
        return entries.get(ENTRY * fragment + HEAD);
    }

    long length(int fragment) {
        return start(fragment + 1) - start(fragment);
    }

    /** A copy. */
    byte[] spans(int fragment) {
        long from = start(fragment);
        byte[] copy = new byte[(int) (start(fragment + 1) - from)];
        for (int done = 0; done < copy.length; ) {
            int in = (int) (from + done) & mask;
            int length = Math.min(copy.length - done, pool.length() - in);
            System.arraycopy(chunks.get((int) (from + done >> shift)), in, copy, done, length);
            done += length;
        }
        return copy;
    }

    /** Gives its chunks back. */
    void clear() {
        chunks.forEach(pool::giveBack);
        chunks.clear();
        end = 0;
        entries.clear();
    }

    /** Bytes that what is in it takes. */
    long used() {
        return end + (long) Integer.BYTES * entries.size();
    }

    /** Bytes of the heap. */
    long bytes() {
        return (long) chunks.size() * pool.bytes() + entries.bytes();
    }

    /** Where it begins, and the one before ends. */
    private long start(int fragment) {
        int at = ENTRY * fragment;
        return at == entries.size()
                ? end
                : (long) entries.get(at) << Integer.SIZE | Integer.toUnsignedLong(entries.get(at + LOW));
    }

    private void write(byte[] from, int length) {
        for (int done = 0; done < length; ) {
            int in = (int) end & mask;
            if (in == 0) {
                chunks.add(pool.take());
            }
            int part = Math.min(length - done, pool.length() - in);
            System.arraycopy(from, done, chunks.getLast(), in, part);
            done += part;
            end += part;
        }
    }
}
