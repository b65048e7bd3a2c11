package dev.weir.sample.tail;

import java.util.ArrayList;
import java.util.List;

/**
 * Finds held traces by their ids. For one thread at a time; each shard has its own.
 *
 * <p>Linear hashing: buckets are split and merged one by one, a step for each trace that comes or goes, so that no call
 * ever moves more than a bucket. Where there is no memory for more buckets, they become fuller.
 *
 * @see <a href="https://dl.acm.org/doi/10.5555/1286887.1286911">W. Litwin: Linear Hashing, VLDB 1980</a>
 */
final class TraceTable {

    private static final int NONE = TraceRecords.NONE;

    /** There are at most so many buckets for a trace, but for the first ones, and so many are merged when one goes. */
    private static final int MERGES = 4;

    private final Slabs chunks;
    private final IdHash hash;
    private final TraceRecords records;
    /** First trace of each bucket. */
    private final List<Block> heads = new ArrayList<>();

    private final int shift;
    private final int mask;
    private final int fewest;
    private int buckets;

    /** @throws IllegalStateException when there is not even memory for the first buckets */
    TraceTable(Slabs chunks, IdHash hash, TraceRecords records) {
        this.chunks = chunks;
        this.hash = hash;
        this.records = records;
        shift = Integer.numberOfTrailingZeros(Integer.highestOneBit(chunks.size() / Integer.BYTES));
        mask = (1 << shift) - 1;
        fewest = 1 << shift;
        if (!addHeads()) {
            throw new IllegalStateException("the buffer is too small for an empty table of traces");
        }
        buckets = fewest;
    }

    /** The held trace with this id, or {@link TraceRecords#NONE}. */
    int find(long traceIdHigh, long traceIdLow) {
        return find(hash.of(traceIdHigh, traceIdLow), traceIdHigh, traceIdLow);
    }

    /** @param idHash what {@link IdHash} says of the id */
    int find(long idHash, long traceIdHigh, long traceIdLow) {
        int trace = head(bucket(idHash));
        while (trace != NONE && !records.hasId(trace, traceIdHigh, traceIdLow)) {
            trace = records.nextInBucket(trace);
        }
        return trace;
    }

    /**
     * Reads what {@link #find} will read, and says something of it that is of no use. To look up several traces, touch all
     * of them first: what comes from far off in memory is then waited for once.
     */
    int touch(long idHash) {
        int trace = head(bucket(idHash));
        return trace == NONE ? trace : records.nextInBucket(trace);
    }

    /** Adds a trace that is not there. */
    int add(long idHash, long traceIdHigh, long traceIdLow, int arrivalSecond, Reservation reservation) {
        int trace = records.add(traceIdHigh, traceIdLow, arrivalSecond, reservation);
        link(bucket(idHash), trace);
        while (buckets * 3L < records.size() * 4L && splitOne()) {
            // at most two, because two buckets serve more than one trace
        }
        return trace;
    }

    /** Forgets a trace. Its spans must be gone. */
    void remove(int trace) {
        int bucket = bucket(hash.of(records.traceIdHigh(trace), records.traceIdLow(trace)));
        int next = records.nextInBucket(trace);
        int t = head(bucket);
        if (t == trace) {
            setHead(bucket, next);
        } else {
            while (records.nextInBucket(t) != trace) {
                t = records.nextInBucket(t);
            }
            records.setNextInBucket(t, next);
        }
        records.free(trace);
        for (int i = 0; i < MERGES && buckets > fewest && buckets > (long) MERGES * records.size(); i++) {
            mergeOne();
        }
    }

    /** Held traces. */
    int size() {
        return records.size();
    }

    int buckets() {
        return buckets;
    }

    /** Frees the memory. The table is of no use afterwards. */
    void close() {
        for (Block block : heads) {
            chunks.giveBack(block);
        }
        heads.clear();
    }

    private boolean splitOne() {
        if (buckets >>> shift == heads.size() && !addHeads()) {
            return false;
        }
        int lower = buckets - Integer.highestOneBit(buckets);
        int upper = buckets++;
        int trace = head(lower);
        setHead(lower, NONE);
        while (trace != NONE) {
            int next = records.nextInBucket(trace);
            link(bucket(hash.of(records.traceIdHigh(trace), records.traceIdLow(trace))), trace);
            trace = next;
        }
        assert upper < buckets;
        return true;
    }

    private void mergeOne() {
        int upper = --buckets;
        int lower = upper - Integer.highestOneBit(upper);
        int trace = head(upper);
        while (trace != NONE) {
            int next = records.nextInBucket(trace);
            link(lower, trace);
            trace = next;
        }
        setHead(upper, NONE);
        if (heads.size() - 2 > buckets - 1 >>> shift) { // one more than needed is kept: the next trace may want it
            chunks.giveBack(heads.removeLast());
        }
    }

    private void link(int bucket, int trace) {
        records.setNextInBucket(trace, head(bucket));
        setHead(bucket, trace);
    }

    private boolean addHeads() {
        if (!chunks.tryPromise(1)) {
            return false;
        }
        Block block = chunks.take();
        for (int at = 0; at < Integer.BYTES << shift; at += Integer.BYTES) {
            block.bytes.putInt(at, NONE);
        }
        heads.add(block);
        return true;
    }

    private int bucket(long idHash) {
        int top = Integer.highestOneBit(buckets);
        int bucket = (int) idHash & (2 * top - 1);
        return bucket < buckets ? bucket : bucket - top;
    }

    private int head(int bucket) {
        return heads.get(bucket >>> shift).bytes.getInt((bucket & mask) * Integer.BYTES);
    }

    private void setHead(int bucket, int trace) {
        heads.get(bucket >>> shift).bytes.putInt((bucket & mask) * Integer.BYTES, trace);
    }
}
