package dev.weir.sample.tail;

/**
 * Which traces are due when: a bucket for each second, in it a list of the traces in the order they were put there, linked
 * by their records. Each operation takes constant time, but for passing over empty seconds. For one thread at a time; each
 * shard has its own.
 */
final class DueWheel {

    static final int NONE = TraceRecords.NONE;

    private final TraceRecords records;
    private final int[] first;
    private final int[] last;
    private final int mask;
    /** No trace is due before this second; all are within the wheel's turn from it. */
    private long hand;

    private int size;

    /**
     * @param records of the traces; the bucket in one is that of its trace plus one, 0 for none
     * @param longestWait seconds from the present to the latest time a trace may be due, not negative
     * @param now the present second
     */
    DueWheel(TraceRecords records, int longestWait, long now) {
        this.records = records;
        int buckets = Integer.highestOneBit(longestWait + 1) << 2; // twice as wide: the hand may lag behind
        first = new int[buckets];
        last = new int[buckets];
        mask = buckets - 1;
        hand = now;
    }

    /** Puts a trace, which is in no bucket, behind the others of the second; a time out of reach is moved into it. */
    void add(int trace, long second) {
        int bucket = (int) Math.clamp(second, hand, hand + mask) & mask;
        int before = last[bucket];
        records.setDueNext(trace, NONE);
        records.setDuePrevious(trace, before);
        records.setDueBucket(trace, bucket + 1);
        if (before == NONE) {
            first[bucket] = trace;
        } else {
            records.setDueNext(before, trace);
        }
        last[bucket] = trace;
        size++;
    }

    /**
     * Lets a trace that is in a bucket be due at a second, unless it is due before that already.
     *
     * @return whether it is due earlier now
     */
    boolean moveEarlier(int trace, long second) {
        int bucket = records.dueBucket(trace) - 1;
        long due = hand + ((bucket - hand) & mask);
        if (second >= due) {
            return false;
        }
        remove(trace);
        add(trace, second);
        return true;
    }

    /** Takes out a trace, before its record is freed; does nothing when it is in no bucket. */
    void remove(int trace) {
        int bucket = records.dueBucket(trace) - 1;
        if (bucket < 0) {
            return;
        }
        int next = records.dueNext(trace);
        int previous = records.duePrevious(trace);
        if (previous == NONE) {
            first[bucket] = next;
        } else {
            records.setDueNext(previous, next);
        }
        if (next == NONE) {
            last[bucket] = previous;
        } else {
            records.setDuePrevious(next, previous);
        }
        records.setDueBucket(trace, 0);
        size--;
    }

    /**
     * Takes out the trace that is due first.
     *
     * @param now the present second, never less than before
     * @param earlier so many seconds before their time traces are due already
     * @return its number; {@link #NONE} when none is due
     */
    int takeDue(long now, int earlier) {
        if (size == 0) {
            hand = Math.max(hand, now);
            return NONE;
        }
        while (hand < now && first[(int) hand & mask] == NONE) {
            hand++;
        }
        int trace = firstUntil(Math.min(now + earlier, hand + mask));
        if (trace != NONE) {
            remove(trace);
        }
        return trace;
    }

    /** Takes out the trace that is due before all others, whenever that is; {@link #NONE} when there is none. */
    int takeFirst() {
        int trace = size == 0 ? NONE : firstUntil(hand + mask);
        if (trace != NONE) {
            remove(trace);
        }
        return trace;
    }

    /** Traces in all buckets. */
    int size() {
        return size;
    }

    private int firstUntil(long second) {
        for (long s = hand; s <= second; s++) {
            int trace = first[(int) s & mask];
            if (trace != NONE) {
                return trace;
            }
        }
        return NONE;
    }
}
