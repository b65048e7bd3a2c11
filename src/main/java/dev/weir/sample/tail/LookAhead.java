package dev.weir.sample.tail;

/**
 * Reads, for several traces at once, the first bytes of what will be looked up for each of them: they lie far apart in memory,
 * and so the processor waits for all of them together instead of for one after the other. Under the shard's lock.
 */
final class LookAhead {

    private static final int DUE_AT_ONCE = 16;

    private final HeldShard held;
    private final Remembered remembered;
    private final Explanations explanations;
    private final IdHash idHash;
    private int dueLeft;
    /** Of no use, but for making the processor read. */
    private int read;

    LookAhead(HeldShard held, Remembered remembered, Explanations explanations, IdHash idHash) {
        this.held = held;
        this.remembered = remembered;
        this.explanations = explanations;
        this.idHash = idHash;
    }

    /** Before the items at {@code from} to {@code end - 1} are held. */
    void toHold(Arrivals arrivals, int from, int end) {
        int sum = 0;
        long before = 0;
        for (int p = from; p < end; p++) {
            long hash = arrivals.get(arrivals.at(p), Arrivals.HASH);
            if (hash != before) {
                sum += held.table().touch(hash) + remembered.touch(hash);
                before = hash;
            }
        }
        read = sum;
    }

    /** Before a trace is decided, which was first in its second: once for it and those that are due after it. */
    void toDecide(int trace) {
        if (--dueLeft > 0) {
            return;
        }
        TraceRecords records = held.records();
        int sum = 0;
        dueLeft = 0;
        for (int t = trace; t != TraceRecords.NONE && dueLeft < DUE_AT_ONCE; t = records.dueNext(t)) {
            long hash = idHash.of(records.traceIdHigh(t), records.traceIdLow(t));
            sum += held.table().touch(hash) + remembered.touch(hash) + explanations.touch(hash);
            dueLeft++;
        }
        read = sum;
    }
}
