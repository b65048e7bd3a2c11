package dev.weir.sample.policy;

import org.jspecify.annotations.Nullable;

/**
 * The rates of the values of a key, by the value's hash: a bounded number of them, the least recently used out. A value
 * that finds no room, because all others were seen within the last minute, shares one rate with all such values, or a
 * flood of values would be kept whole. It allocates only for a value's first appearance, and nothing once it is full.
 */
final class KeyTable {

    /** A value seen within this time keeps its place: what is new has to wait. */
    static final long KEPT_NANOS = 60_000_000_000L;

    private static final int NONE = -1;

    private final RateLimits limits;
    private final int capacity;
    private final int[] buckets;
    private final long[] hashes;
    private final int[] nextInBucket;
    private final int[] older;
    private final int[] newer;
    private final @Nullable RateState[] states;
    private int newest = NONE;
    private int oldest = NONE;
    private int size;
    private @Nullable RateState overflow;

    KeyTable(RateLimits limits, int capacity) {
        this.limits = limits;
        this.capacity = capacity;
        buckets = new int[Integer.highestOneBit(Math.max(1, capacity)) * 2];
        java.util.Arrays.fill(buckets, NONE);
        hashes = new long[capacity];
        nextInBucket = new int[capacity];
        older = new int[capacity];
        newer = new int[capacity];
        states = new @Nullable RateState[capacity];
    }

    synchronized int size() {
        return size;
    }

    synchronized RateState find(long hash, long nowNanos) {
        for (int at = buckets[bucket(hash)]; at != NONE; at = nextInBucket[at]) {
            RateState state = states[at];
            if (hashes[at] == hash && state != null) {
                unlink(at);
                linkNewest(at);
                return state;
            }
        }
        return add(hash, nowNanos);
    }

    private RateState add(long hash, long nowNanos) {
        int at = size;
        RateState state;
        if (size < capacity) {
            size++;
            state = new RateState(limits, nowNanos);
            states[at] = state;
        } else {
            at = oldest;
            RateState reused = states[at];
            if (reused == null || !reused.isIdle(nowNanos, KEPT_NANOS)) {
                return overflow(nowNanos);
            }
            state = reused;
            state.restart(nowNanos);
            removeFromBucket(at);
            unlink(at);
        }
        hashes[at] = hash;
        int bucket = bucket(hash);
        nextInBucket[at] = buckets[bucket];
        buckets[bucket] = at;
        linkNewest(at);
        return state;
    }

    private RateState overflow(long nowNanos) {
        RateState shared = overflow;
        if (shared == null) {
            shared = new RateState(limits, nowNanos);
            overflow = shared;
        }
        return shared;
    }

    private int bucket(long hash) {
        return (int) (hash ^ hash >>> 32) & buckets.length - 1;
    }

    private void removeFromBucket(int at) {
        int bucket = bucket(hashes[at]);
        if (buckets[bucket] == at) {
            buckets[bucket] = nextInBucket[at];
            return;
        }
        int before = buckets[bucket];
        while (nextInBucket[before] != at) {
            before = nextInBucket[before];
        }
        nextInBucket[before] = nextInBucket[at];
    }

    private void linkNewest(int at) {
        older[at] = newest;
        newer[at] = NONE;
        if (newest != NONE) {
            newer[newest] = at;
        } else {
            oldest = at;
        }
        newest = at;
    }

    private void unlink(int at) {
        if (newer[at] != NONE) {
            older[newer[at]] = older[at];
        } else {
            newest = older[at];
        }
        if (older[at] != NONE) {
            newer[older[at]] = newer[at];
        } else {
            oldest = newer[at];
        }
    }
}
