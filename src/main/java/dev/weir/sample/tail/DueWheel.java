package dev.weir.sample.tail;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which traces are due when: a bucket for each second, in it a list of the traces' handles in the order they were put
 * there. Each operation takes constant time, but for passing over empty seconds. For one thread at a time; each shard has
 * its own.
 *
 * <p>A handle is the small number under which the trace's record lies; twelve bytes off the heap are taken for each up to
 * the greatest one ever seen.
 */
final class DueWheel {

    static final int NONE = -1;

    private static final int CHUNK_SHIFT = 12;
    private static final int CHUNK_MASK = (1 << CHUNK_SHIFT) - 1;
    private static final int NEXT = 0;
    private static final int PREVIOUS = Integer.BYTES;

    /** The bucket, plus one: 0 for a handle that is in none. */
    private static final int BUCKET = 2 * Integer.BYTES;

    private static final int NODE_BYTES = 3 * Integer.BYTES;

    private final List<ByteBuffer> chunks = new ArrayList<>();
    private final int[] first;
    private final int[] last;
    private final int mask;
    /** No trace is due before this second; all are within the wheel's turn from it. */
    private long hand;

    private int size;

    /**
     * @param longestWait seconds from the present to the latest time a trace may be due, not negative
     * @param now the present second
     */
    DueWheel(int longestWait, long now) {
        int buckets = Integer.highestOneBit(longestWait + 1) << 2; // twice as wide: the hand may lag behind
        first = new int[buckets];
        last = new int[buckets];
        Arrays.fill(first, NONE);
        Arrays.fill(last, NONE);
        mask = buckets - 1;
        hand = now;
    }

    /** Puts a trace, which is in no bucket, behind the others of the second; a time out of reach is moved into it. */
    void add(int handle, long second) {
        while (handle >> CHUNK_SHIFT >= chunks.size()) {
            chunks.add(ByteBuffer.allocateDirect(NODE_BYTES << CHUNK_SHIFT).order(ByteOrder.nativeOrder()));
        }
        int bucket = (int) Math.clamp(second, hand, hand + mask) & mask;
        int before = last[bucket];
        set(handle, NEXT, NONE);
        set(handle, PREVIOUS, before);
        set(handle, BUCKET, bucket + 1);
        if (before == NONE) {
            first[bucket] = handle;
        } else {
            set(before, NEXT, handle);
        }
        last[bucket] = handle;
        size++;
    }

    /** Lets a trace that is in a bucket be due at a second, unless it is due before that already. */
    void moveEarlier(int handle, long second) {
        int bucket = get(handle, BUCKET) - 1;
        long due = hand + ((bucket - hand) & mask);
        if (second < due) {
            remove(handle);
            add(handle, second);
        }
    }

    /** Takes out a trace; does nothing when it is in no bucket. */
    void remove(int handle) {
        int bucket = handle >> CHUNK_SHIFT < chunks.size() ? get(handle, BUCKET) - 1 : NONE;
        if (bucket == NONE) {
            return;
        }
        int next = get(handle, NEXT);
        int previous = get(handle, PREVIOUS);
        if (previous == NONE) {
            first[bucket] = next;
        } else {
            set(previous, NEXT, next);
        }
        if (next == NONE) {
            last[bucket] = previous;
        } else {
            set(next, PREVIOUS, previous);
        }
        set(handle, BUCKET, 0);
        size--;
    }

    /**
     * Takes out the trace that is due first.
     *
     * @param now the present second, never less than before
     * @param earlier so many seconds before their time traces are due already
     * @return its handle; {@link #NONE} when none is due
     */
    int takeDue(long now, int earlier) {
        if (size == 0) {
            hand = Math.max(hand, now);
            return NONE;
        }
        while (hand < now && first[(int) hand & mask] == NONE) {
            hand++;
        }
        int handle = firstUntil(Math.min(now + earlier, hand + mask));
        if (handle != NONE) {
            remove(handle);
        }
        return handle;
    }

    /** Takes out the trace that is due before all others, whenever that is; {@link #NONE} when there is none. */
    int takeFirst() {
        int handle = size == 0 ? NONE : firstUntil(hand + mask);
        if (handle != NONE) {
            remove(handle);
        }
        return handle;
    }

    /** Traces in all buckets. */
    int size() {
        return size;
    }

    /** Bytes off the heap. */
    long bytes() {
        return (long) chunks.size() * NODE_BYTES << CHUNK_SHIFT;
    }

    private int firstUntil(long second) {
        for (long s = hand; s <= second; s++) {
            int handle = first[(int) s & mask];
            if (handle != NONE) {
                return handle;
            }
        }
        return NONE;
    }

    private int get(int handle, int field) {
        return chunks.get(handle >> CHUNK_SHIFT).getInt((handle & CHUNK_MASK) * NODE_BYTES + field);
    }

    private void set(int handle, int field, int value) {
        chunks.get(handle >> CHUNK_SHIFT).putInt((handle & CHUNK_MASK) * NODE_BYTES + field, value);
    }
}
