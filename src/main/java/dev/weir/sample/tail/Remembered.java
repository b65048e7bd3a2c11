package dev.weir.sample.tail;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What was decided about traces that are no longer held, so that their late spans follow: 16 bytes a decision, off the
 * heap, of a fixed size. For one thread at a time; each shard has its own.
 *
 * <p>Set-associative: a trace may stand in {@value #WAYS} places, and when these are taken the oldest decision is
 * forgotten. Two traces are taken for one when the 64 bits of their fingerprints are equal; the fingerprint is a keyed
 * hash, so that a sender cannot choose it.
 */
final class Remembered {

    /** {@link #find}'s answer for a trace that is not remembered. */
    static final long NONE = 0;

    /** The greatest policy number that can be remembered. */
    static final int MAX_POLICY = (1 << 13) - 1;

    static final int ENTRY_BYTES = 2 * Long.BYTES;

    /** Four entries are a cache line, and begin with one. */
    private static final int WAYS = 4;

    private static final int SET_BYTES = WAYS * ENTRY_BYTES;
    private static final long MAX_BYTES = 1L << 30;

    /** One decision: 1 bit present, 1 kept, 1 probability known, 13 policy, 16 of T, 32 second. */
    private static final long PRESENT = 1L << 63;

    private static final long KEPT = 1L << 62;
    private static final long KNOWN = 1L << 61;
    private static final int POLICY_SHIFT = 48;
    private static final int THRESHOLD_SHIFT = 32;

    /** A threshold has 56 bits; the upper 16, four hexadecimal digits, are remembered. */
    private static final int FORGOTTEN_THRESHOLD_BITS = 40;

    private final ByteBuffer entries;
    private final int setMask;
    private int size;
    private long forgotten;
    private long forgottenSecond;

    /** @param bytes to take, rounded down to a power of two; at least one set, at most 1 GiB */
    Remembered(long bytes) {
        long rounded = Long.highestOneBit(Math.clamp(bytes, SET_BYTES, MAX_BYTES));
        entries = ByteBuffer.allocateDirect((int) rounded + SET_BYTES)
                .alignedSlice(SET_BYTES)
                .order(ByteOrder.nativeOrder());
        setMask = (int) (rounded / SET_BYTES) - 1;
    }

    /**
     * Remembers a decision, in place of an earlier one about the same trace.
     *
     * @param fingerprint keyed hash of the trace id
     * @param policy which policy decided, 0 to {@link #MAX_POLICY}
     * @param threshold T; what it has beyond four hexadecimal digits is lost
     * @param second when, on a clock that does not run backwards
     */
    void put(long fingerprint, boolean kept, boolean probabilityKnown, int policy, long threshold, int second) {
        long decision = PRESENT
                | (kept ? KEPT : 0)
                | (probabilityKnown ? KNOWN : 0)
                | (long) (policy & MAX_POLICY) << POLICY_SHIFT
                | (threshold >>> FORGOTTEN_THRESHOLD_BITS & 0xffff) << THRESHOLD_SHIFT
                | second & 0xffff_ffffL;
        int at = place(fingerprint);
        long before = entries.getLong(at + Long.BYTES);
        if (before == NONE) {
            size++;
        } else if (entries.getLong(at) != fingerprint) {
            forgotten++;
            forgottenSecond = second(before);
        }
        entries.putLong(at, fingerprint);
        entries.putLong(at + Long.BYTES, decision);
    }

    /** The decision, to be read by the static methods; {@link #NONE} when there is none or it was forgotten. */
    long find(long fingerprint) {
        int from = set(fingerprint);
        for (int at = from; at < from + SET_BYTES; at += ENTRY_BYTES) {
            if (entries.getLong(at) == fingerprint && entries.getLong(at + Long.BYTES) != NONE) {
                return entries.getLong(at + Long.BYTES);
            }
        }
        return NONE;
    }

    /** Reads what {@link #find} and {@link #put} will read, as {@link TraceTable#touch} does. */
    int touch(long fingerprint) {
        return entries.getInt(set(fingerprint));
    }

    static boolean isKept(long decision) {
        return (decision & KEPT) != 0;
    }

    static boolean isProbabilityKnown(long decision) {
        return (decision & KNOWN) != 0;
    }

    static int policy(long decision) {
        return (int) (decision >>> POLICY_SHIFT) & MAX_POLICY;
    }

    /** T to four hexadecimal digits. */
    static long threshold(long decision) {
        return (decision >>> THRESHOLD_SHIFT & 0xffff) << FORGOTTEN_THRESHOLD_BITS;
    }

    static int second(long decision) {
        return (int) decision;
    }

    /** Decisions that are remembered. */
    int size() {
        return size;
    }

    /** Decisions that there is room for, if they spread evenly. */
    int capacity() {
        return (setMask + 1) * WAYS;
    }

    /** Decisions that made room for others since the start. */
    long forgotten() {
        return forgotten;
    }

    /** When the decision was made that was forgotten last; its age says how late a span may be. */
    long forgottenSecond() {
        return forgottenSecond;
    }

    /** Where the trace stands already, else a free place of its set, else that of the set's oldest. */
    private int place(long fingerprint) {
        int from = set(fingerprint);
        int oldest = from;
        int oldestSecond = Integer.MAX_VALUE;
        boolean free = false;
        for (int at = from; at < from + SET_BYTES; at += ENTRY_BYTES) {
            long decision = entries.getLong(at + Long.BYTES);
            if (decision == NONE) {
                if (!free) {
                    free = true;
                    oldest = at;
                }
            } else if (entries.getLong(at) == fingerprint) {
                return at;
            } else if (!free && second(decision) < oldestSecond) {
                oldestSecond = second(decision);
                oldest = at;
            }
        }
        return oldest;
    }

    /** The shard has been chosen by some of the fingerprint's bits: all of them choose the set. */
    private int set(long fingerprint) {
        long spread = fingerprint * 0x9e3779b97f4a7c15L;
        return ((int) (spread >>> 32) & setMask) * SET_BYTES;
    }
}
