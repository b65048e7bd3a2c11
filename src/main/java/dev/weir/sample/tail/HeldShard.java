package dev.weir.sample.tail;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The held traces of one shard and their spans. Whoever calls it holds the shard's lock.
 *
 * <p>What is decided leaves in one of two ways: {@link #drop} forgets the spans; {@link #pin} forgets the trace, but lets
 * the spans be read without the lock until {@link #release}.
 */
final class HeldShard {

    private final TraceRecords records;
    private final TraceTable table;
    private final RunIndex index;
    private final ShardSlabs slabs;
    private final Evacuation evacuation;
    private final SpanReader reader;
    private final Run run = new Run();
    private long spanBytes;
    private int items;
    private int logs;
    private int pinned;
    private int pinnedLogs;

    HeldShard(HeldStore store) {
        records = new TraceRecords(store.chunks());
        table = new TraceTable(store.chunks(), store.hash(), records);
        index = new RunIndex(store.chunks());
        slabs = new ShardSlabs(store.slabs(), store.origins(), store.compresses());
        reader = store.newReader(1);
        evacuation = new Evacuation(slabs, index, store.newReservation(), reader);
    }

    /** What is known of the traces. */
    TraceRecords records() {
        return records;
    }

    /** The held traces by their ids. */
    TraceTable table() {
        return table;
    }

    /** Reads spans that were listed, while the lock is held. */
    SpanReader reader() {
        return reader;
    }

    /** Says what second it is, once for each; only compression needs it. */
    void advance(int second) {
        slabs.advance(second);
    }

    /**
     * Begins a run: items of one trace and one origin, of which the first has so many bytes. They are {@link #put} as long as
     * it {@link #hasRoom}, and held from {@link #end} on.
     *
     * @param reservation in which each item was counted
     */
    void begin(int trace, int origin, boolean areLogs, int length, Reservation reservation) {
        Slab slab = slabs.slabFor(length, reservation);
        slabs.countOrigin(slab, origin);
        run.trace = trace;
        run.origin = origin;
        run.areLogs = areLogs;
        run.slab = slab;
        run.number = index.take(reservation);
        run.offset = slab.used;
        run.count = 0;
    }

    /** Whether an item of so many bytes may follow in the run: then it can be moved whole. */
    boolean hasRoom(int length) {
        Slab slab = run.slab();
        return !slab.isClosed
                && run.count < RunIndex.MOST_ITEMS
                && slab.room() >= Slab.SPAN_HEADER + length
                && slabs.isMovable(slab.used - run.offset + length);
    }

    /** Copies an item into the run. */
    void put(byte[] source, int from, int to, int flags) {
        run.slab().put(run.count == 0 ? run.number : RunIndex.NONE, flags, source, from, to - from);
        run.count++;
    }

    /** Adds the run to its trace. */
    void end() {
        int trace = run.trace;
        int count = run.count;
        Slab slab = run.slab();
        int length = slab.used - run.offset - count * Slab.SPAN_HEADER;
        index.set(run.number, records.lastRun(trace), slab.number, run.offset, count, run.origin, run.areLogs);
        items += count;
        if (run.areLogs) {
            records.appendedLogs(trace, run.number, count, length);
            logs += count;
        } else {
            records.appended(trace, run.number, count, length);
            spanBytes += length;
        }
    }

    /** Lists a trace's runs. The list is good while the lock is held. */
    void list(int trace, RunList list) {
        int r = records.lastRun(trace);
        int at = open(list, r, Integer.MAX_VALUE);
        for (int i = list.size() - 1; i >= at; i--) {
            list.set(i, slabs.get(index.slab(r)), index.offset(r), index.count(r), index.origin(r), index.areLogs(r));
            r = index.previous(r);
        }
    }

    /**
     * Takes items out of a trace, the last runs first, and forgets it when none is left.
     *
     * @param atMost about so many, to bound the time that it takes
     * @return whether it is forgotten
     */
    boolean drop(int trace, int atMost) {
        int r = records.lastRun(trace);
        for (int dropped = 0; dropped < atMost && r != RunIndex.NONE; ) {
            slabs.drop(slabs.get(index.slab(r)), index.count(r));
            dropped += index.count(r);
            r = leave(r);
        }
        return leave(trace, r);
    }

    /** Like {@link #drop}, but the runs are added to the list, and stay until {@link #release}. */
    boolean pin(int trace, int atMost, RunList list) {
        int r = records.lastRun(trace);
        int at = open(list, r, atMost);
        for (int i = list.size() - 1; i >= at; i--) {
            Slab slab = slabs.get(index.slab(r));
            int count = index.count(r);
            boolean areLogs = index.areLogs(r);
            list.set(i, slab, index.offset(r), count, index.origin(r), areLogs);
            slabs.pin(slab, count);
            pinned += count;
            pinnedLogs += areLogs ? count : 0;
            r = leave(r);
        }
        return leave(trace, r);
    }

    /**
     * Lists runs, from one of a trace on backwards, that stay held and can be read without the lock until {@link #giveBack}.
     *
     * @param atMost about so many items
     * @return the run before the first of them; {@link RunIndex#NONE} when there is none
     */
    int lend(int lastRun, int atMost, RunList list) {
        int r = lastRun;
        int at = open(list, r, atMost);
        for (int i = list.size() - 1; i >= at; i--) {
            Slab slab = slabs.get(index.slab(r));
            list.set(i, slab, index.offset(r), index.count(r), index.origin(r), index.areLogs(r));
            slabs.pinHeld(slab);
            r = index.previous(r);
        }
        return r;
    }

    /** The runs that were lent are not read any more. Clears the list. */
    void giveBack(RunList list) {
        for (int i = 0; i < list.size(); i++) {
            slabs.unpin(list.slab(i), 1);
        }
        list.clear();
    }

    /** Lets go of the runs that were pinned, and clears the list. */
    void release(RunList list) {
        for (int i = 0; i < list.size(); i++) {
            slabs.unpin(list.slab(i), list.count(i));
            pinnedLogs -= list.areLogs(i) ? list.count(i) : 0;
        }
        pinned -= list.items();
        list.clear();
    }

    /**
     * Empties slabs that few spans keep alive: worth while when over half of the memory is in use.
     *
     * @param atMostSlabs so many, to bound the time that it takes: some ten microseconds each
     * @return how many it emptied
     */
    int evacuate(int atMostSlabs) {
        return evacuation.run(atMostSlabs);
    }

    /**
     * The next slab that was full at a second and should be compressed, without the lock; it must come back to {@link
     * #endCompression}.
     */
    @Nullable
    Slab beginCompression(int fullUntilSecond) {
        return slabs.pinClosed(fullUntilSecond);
    }

    /** @param compressed what {@link SlabCompressor#compress} said */
    void endCompression(Slab slab, @Nullable Block compressed) {
        if (compressed != null) {
            slabs.replace(slab, compressed);
        }
        slabs.unpin(slab, 1);
    }

    /** Spans of held traces, without those that are pinned. */
    int spans() {
        return items - logs;
    }

    /** Log records of held traces, without those that are pinned. */
    int logs() {
        return logs;
    }

    /** Spans that were decided and are being read. */
    int pinned() {
        return pinned - pinnedLogs;
    }

    /** Log records that were decided and are being read. */
    int pinnedLogs() {
        return pinnedLogs;
    }

    /** Held traces. */
    int traces() {
        return records.size();
    }

    /** Bytes of the spans of held traces, as they came. */
    long spanBytes() {
        return spanBytes;
    }

    /** Bytes of the slabs. */
    long slabBytes() {
        return slabs.blockBytes();
    }

    /** Takes a run out, and returns the one before it. */
    private int leave(int r) {
        int previous = index.previous(r);
        int count = index.count(r);
        items -= count;
        logs -= index.areLogs(r) ? count : 0;
        index.free(r);
        return previous;
    }

    private boolean leave(int trace, int r) {
        if (r != RunIndex.NONE) {
            records.setLastRun(trace, r);
            return false;
        }
        spanBytes -= records.bytes(trace);
        table.remove(trace);
        return true;
    }

    private int open(RunList list, int last, int atMost) {
        int runs = 0;
        int count = 0;
        for (int r = last; r != RunIndex.NONE && count < atMost; r = index.previous(r)) {
            runs++;
            count += index.count(r);
        }
        int at = list.size();
        list.addAll(runs);
        return at;
    }

    /** The run under construction. */
    private static final class Run {
        int trace;
        int origin;
        boolean areLogs;

        @Nullable
        Slab slab;

        int number;
        int offset;
        int count;

        Slab slab() {
            return Objects.requireNonNull(slab);
        }
    }
}
