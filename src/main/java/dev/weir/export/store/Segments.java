package dev.weir.export.store;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * The segments of a store, within its bytes: when they are over them, the oldest goes, and its arrays serve the newest.
 * What is spare counts, and is forgotten when there is no room for it. Guarded by the store's lock.
 */
final class Segments {

    /** How many a full store has at least: one of them is evicted at a time. */
    private static final int LEAST = 32;

    private static final long MAX_SEGMENT_BYTES = 4 << 20;

    private final long maxBytes;
    private final long segmentBytes;
    /** Leaves a segment's bytes to what is spare. */
    private final long evictAbove;

    private final TraceTable traces = new TraceTable();
    /** Oldest first. */
    private final Deque<Segment> segments = new ArrayDeque<>();
    /** Evicted ones, whose arrays serve again. */
    private final Deque<Segment> spare = new ArrayDeque<>();

    private long spareSegmentBytes;

    private final ChunkPool<byte[]> byteChunks;
    private final ChunkPool<int[]> intChunks;
    private long bytes;
    private long evicted;

    /** @param maxBytes the most bytes of spans and index */
    Segments(long maxBytes) {
        this.maxBytes = maxBytes;
        this.segmentBytes = Math.min(MAX_SEGMENT_BYTES, maxBytes / LEAST);
        this.byteChunks = ChunkPool.ofBytes(segmentBytes);
        this.intChunks = ChunkPool.ofInts(segmentBytes);
        this.evictAbove = maxBytes - segmentBytes;
    }

    /** The place of a trace that is kept, or {@link TraceTable#NONE}. */
    int find(TraceId id) {
        return traces.find(id.high(), id.low());
    }

    /** The place of the kept trace, or of a new one. */
    int placeOf(long high, long low) {
        int known = traces.find(high, low);
        if (known != TraceTable.NONE) {
            return known;
        }
        Segment newest = segments.peekLast();
        if (newest == null || newest.isFull(segmentBytes)) {
            newest = newSegment();
            segments.addLast(newest);
        }
        return traces.add(newest, newest.traces.add(high, low));
    }

    /** Where the trace of that place lies. */
    Segment at(int place) {
        return traces.segment(place);
    }

    /** More than this is asked to {@link #makeRoom} before it is added. */
    int largeSpan() {
        return (int) Math.min(SpanIndexer.MAX_RUN, evictAbove);
    }

    /** Makes room for what was added, if need be by that itself. */
    void grew(Segment segment) {
        bytes += segment.charge();
        while (bytes > evictAbove) {
            evict(segments.removeFirst());
        }
        while (bytes + spareBytes() > maxBytes && forgetSpare()) {
            // until it fits
        }
    }

    /**
     * Evicts what the bytes of one span will take the place of, so that they are not there beside it. False when it is larger
     * than all that is kept may be: it counts as evicted at once.
     */
    boolean makeRoom(int length) {
        if (length > evictAbove) {
            evicted++;
            return false;
        }
        while (bytes > evictAbove - length && !segments.isEmpty()) {
            evict(segments.removeFirst());
        }
        while (bytes + spareBytes() + length - Math.min(length, byteChunks.spareBytes()) > maxBytes && forgetSpare()) {
            // until it fits
        }
        return true;
    }

    private Segment newSegment() {
        Segment again = spare.pollLast();
        if (again == null) {
            return new Segment(traces, byteChunks, intChunks, segmentBytes);
        }
        spareSegmentBytes -= again.bytes();
        return again;
    }

    private void evict(Segment oldest) {
        int count = oldest.traces.count();
        for (int trace = 0; trace < count; trace++) {
            traces.remove(oldest, trace);
        }
        evicted += count;
        oldest.clear();
        bytes -= oldest.discharge();
        spare.addLast(oldest);
        spareSegmentBytes += oldest.bytes();
    }

    private long spareBytes() {
        return byteChunks.spareBytes() + intChunks.spareBytes() + spareSegmentBytes;
    }

    /** Of what there is most, so that neither takes the other's room for long. */
    private boolean forgetSpare() {
        ChunkPool<?> more = byteChunks.spareBytes() > intChunks.spareBytes() ? byteChunks : intChunks;
        if (more.forgetOne()) {
            return true;
        }
        Segment forgotten = spare.pollLast();
        if (forgotten == null) {
            return false;
        }
        spareSegmentBytes -= forgotten.bytes();
        traces.leave(forgotten);
        return true;
    }

    List<Segment> newestFirst() {
        return List.copyOf(segments.reversed());
    }

    /** Bytes of what is kept, the index included. */
    long bytes() {
        return bytes;
    }

    long maxBytes() {
        return maxBytes;
    }

    int traces() {
        return traces.count();
    }

    long evictedTraces() {
        return evicted;
    }
}
