package dev.weir.sample.tail;

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
    private final SpanIndex index;
    private final ShardSlabs slabs;
    private final Evacuation evacuation;
    private final SpanReader reader;
    private long spanBytes;
    private int logs;
    private int pinned;
    private int pinnedLogs;

    HeldShard(HeldStore store) {
        records = new TraceRecords(store.chunks());
        table = new TraceTable(store.chunks(), store.hash(), records);
        index = new SpanIndex(store.chunks());
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
     * Copies a span, or a log record if {@link SpanFlags#LOG} says so, and adds it to its trace.
     *
     * @param flags {@link SpanIndex#FLAG_BITS} bits that come back with the span
     * @param reservation in which the span was counted
     */
    void append(int trace, byte[] source, int from, int to, int origin, int flags, Reservation reservation) {
        Slab slab = slabs.slabFor(to - from, reservation);
        int span = index.take(reservation);
        slabs.countOrigin(slab, origin);
        int offset = slab.put(span, source, from, to - from);
        index.set(span, records.lastSpan(trace), slab.number, offset, origin << SpanIndex.FLAG_BITS | flags);
        if ((flags & SpanFlags.LOG) != 0) {
            records.appendedLog(trace, span, to - from);
            logs++;
        } else {
            records.appended(trace, span, to - from);
            spanBytes += to - from;
        }
    }

    /** Lists a trace's spans, at most so many of the last ones. The list is good while the lock is held. */
    void list(int trace, int atMost, SpanList list) {
        int span = records.lastSpan(trace);
        int at = open(list, span, atMost);
        for (int i = list.size() - 1; i >= at; i--) {
            list.set(i, slabs.get(index.slab(span)), index.offset(span), index.originAndFlags(span));
            span = index.previous(span);
        }
    }

    /**
     * Takes spans out of a trace, the last ones first, and forgets it when none is left.
     *
     * @param atMost so many spans, to bound the time that it takes
     * @return whether it is forgotten; else nothing must be added to the trace any more
     */
    boolean drop(int trace, int atMost) {
        int span = records.lastSpan(trace);
        for (int i = 0; i < atMost && span != SpanIndex.NONE; i++) {
            int previous = index.previous(span);
            slabs.dropOne(slabs.get(index.slab(span)));
            logs -= isLog(index.originAndFlags(span));
            index.free(span);
            span = previous;
        }
        return leave(trace, span);
    }

    /** Like {@link #drop}, but the spans are added to the list, and stay until {@link #release}. */
    boolean pin(int trace, int atMost, SpanList list) {
        int span = records.lastSpan(trace);
        int at = open(list, span, atMost);
        for (int i = list.size() - 1; i >= at; i--) {
            int previous = index.previous(span);
            Slab slab = slabs.get(index.slab(span));
            list.set(i, slab, index.offset(span), index.originAndFlags(span));
            slabs.pinOne(slab);
            pinnedLogs += isLog(index.originAndFlags(span));
            logs -= isLog(index.originAndFlags(span));
            index.free(span);
            span = previous;
        }
        pinned += list.size() - at;
        return leave(trace, span);
    }

    /**
     * Lists spans, from one of a trace on backwards, that stay held and can be read without the lock until {@link #giveBack}.
     *
     * @return the span before the first of them; {@link SpanIndex#NONE} when there is none
     */
    int lend(int lastSpan, int atMost, SpanList list) {
        int span = lastSpan;
        int at = open(list, span, atMost);
        for (int i = list.size() - 1; i >= at; i--) {
            Slab slab = slabs.get(index.slab(span));
            list.set(i, slab, index.offset(span), index.originAndFlags(span));
            slabs.pinHeld(slab);
            span = index.previous(span);
        }
        return span;
    }

    /** The spans that were lent are not read any more. Clears the list. */
    void giveBack(SpanList list) {
        for (int i = 0; i < list.size(); i++) {
            slabs.unpin(list.slab(i));
        }
        list.clear();
    }

    /** Lets go of the spans that were pinned, and clears the list. */
    void release(SpanList list) {
        for (int i = 0; i < list.size(); i++) {
            slabs.unpin(list.slab(i));
            pinnedLogs -= isLog(list.flags(i));
        }
        pinned -= list.size();
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
        slabs.unpin(slab);
    }

    /** Spans of held traces, without those that are pinned. */
    int spans() {
        return index.size() - logs;
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

    private static int isLog(int flags) {
        return (flags & SpanFlags.LOG) == 0 ? 0 : 1;
    }

    private boolean leave(int trace, int span) {
        if (span != SpanIndex.NONE) {
            records.setLastSpan(trace, span);
            records.addFlags(trace, TraceRecords.DECIDED);
            return false;
        }
        spanBytes -= records.bytes(trace);
        table.remove(trace);
        return true;
    }

    private int open(SpanList list, int span, int atMost) {
        int count = 0;
        for (int s = span; s != SpanIndex.NONE && count < atMost; s = index.previous(s)) {
            count++;
        }
        int at = list.size();
        list.addAll(count);
        return at;
    }
}
