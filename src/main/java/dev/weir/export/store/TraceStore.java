package dev.weir.export.store;

import dev.weir.pipeline.Batch;
import dev.weir.pipeline.Deadline;
import dev.weir.pipeline.Destination;
import dev.weir.pipeline.Ledger;
import dev.weir.pipeline.Signal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Traces in memory, bounded in bytes with their index, the trace that arrived first out first. An evicted trace was
 * delivered, and is counted by {@link #evictedTraces}.
 *
 * <p>Safe for use by many threads. One thread of its own indexes what is queued, under a lock, for a time in proportion to
 * the bytes of a batch; readers take the lock for one segment of the index at a time and read spans outside it.
 */
public final class TraceStore implements Destination, AutoCloseable {

    /** The destination's name in the ledger. */
    public static final String NAME = "store";

    /** How many segments a full store has at least: the index of the oldest, partly evicted, is what is held in vain. */
    private static final int MIN_SEGMENTS = 32;

    private static final long MAX_SEGMENT_BYTES = 4 << 20;

    private final long maxBytes;
    private final long segmentBytes;
    private final IndexQueue queue;

    private final Object lock = new Object();
    private final Map<TraceId, StoredTrace> traces = new HashMap<>();
    /** Oldest first. */
    private final Deque<Segment> segments = new ArrayDeque<>();

    private final SpanIndexer indexer = new SpanIndexer(this);
    private long bytes;
    private long evicted;

    /**
     * @param maxBytes the most bytes of spans and index, positive
     * @param queueBytes the most bytes that wait to be indexed, positive
     * @param whenFull what the queue does when it is full
     */
    public TraceStore(long maxBytes, long queueBytes, WhenFull whenFull, Ledger ledger) {
        if (maxBytes <= 0) {
            throw new IllegalArgumentException("maxBytes must be positive, was " + maxBytes);
        }
        this.maxBytes = maxBytes;
        this.segmentBytes = Math.min(MAX_SEGMENT_BYTES, maxBytes / MIN_SEGMENTS);
        this.queue = new IndexQueue(queueBytes, whenFull, ledger.destination(NAME), this::index);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean takes(Signal signal) {
        return signal == Signal.TRACES;
    }

    @Override
    public int maxMessageSize() {
        return 1 << 30;
    }

    @Override
    public boolean tryReserve(Signal signal, int items, long reservedBytes) {
        return queue.tryReserve(signal, items, reservedBytes);
    }

    @Override
    public void unreserve(Signal signal, int items, long reservedBytes) {
        queue.unreserve(signal, items, reservedBytes);
    }

    @Override
    public void enqueue(Batch batch, long reservedBytes) {
        queue.enqueue(batch, reservedBytes);
    }

    private void index(byte[] request) {
        synchronized (lock) {
            indexer.add(request);
        }
    }

    /**
     * Waits until all that was enqueued before can be read. What cannot at the deadline is counted as {@code
     * dropped{shutdown}}. Blocks; not for event loops.
     */
    public void drain(Deadline deadline) {
        queue.drain(deadline);
    }

    /** Takes nothing any more; what is not indexed yet is counted as {@code dropped{shutdown}}. What is kept can be read. */
    @Override
    public void close() {
        queue.close();
    }

    /** Every {@code service.name} of a kept trace, sorted. */
    public List<String> services() {
        TreeSet<String> names = new TreeSet<>();
        for (Segment segment : newestFirst()) {
            synchronized (lock) {
                for (Head head : segment.heads()) {
                    if (head.service != null && head.fragments > 0) {
                        names.add(head.service);
                    }
                }
            }
        }
        return List.copyOf(names);
    }

    /** The matching traces that arrived last, sorted by start, newest first. */
    public List<TraceSummary> search(Query query) {
        SegmentSearch search = new SegmentSearch(query);
        SpanMatcher matcher = new SpanMatcher(query);
        List<TraceSummary> found = new ArrayList<>();
        for (Segment segment : newestFirst()) {
            List<StoredTrace.Snapshot> candidates;
            synchronized (lock) {
                candidates = search.candidates(segment);
            }
            for (StoredTrace.Snapshot candidate : candidates) {
                byte[] request = TraceReader.read(candidate);
                if (matcher.matchesAny(request)) {
                    found.add(Summarizer.summarize(candidate.id(), request));
                }
                if (found.size() == query.limit()) {
                    return sorted(found);
                }
            }
        }
        return sorted(found);
    }

    /**
     * All spans of a trace as one {@code ExportTraceServiceRequest}, each resource and scope once; empty when the trace is
     * not kept.
     *
     * @param traceId 32 hex digits, in either case
     */
    public Optional<byte[]> trace(String traceId) {
        return TraceId.parse(traceId).flatMap(this::snapshot).map(TraceReader::readMerged);
    }

    /** Bytes in use, the index included. */
    public long bytes() {
        synchronized (lock) {
            return bytes;
        }
    }

    public long maxBytes() {
        return maxBytes;
    }

    /** Traces kept now. */
    public long traces() {
        synchronized (lock) {
            return traces.size();
        }
    }

    /** Traces that made room for newer ones since the start. */
    public long evictedTraces() {
        synchronized (lock) {
            return evicted;
        }
    }

    /** For {@link SpanIndexer}, which has the lock: the kept trace, or a new one. */
    StoredTrace traceFor(TraceId id) {
        StoredTrace known = traces.get(id);
        if (known != null) {
            return known;
        }
        Segment newest = segments.peekLast();
        if (newest == null || newest.isFull(segmentBytes)) {
            newest = new Segment();
            segments.addLast(newest);
        }
        StoredTrace trace = newest.newTrace(id);
        traces.put(id, trace);
        return trace;
    }

    /** For {@link SpanIndexer}, which has the lock: adds to a trace and makes room, if need be of the trace itself. */
    void keep(StoredTrace trace, Fragment fragment) {
        trace.segment.add(trace, fragment);
        bytes += trace.segment.charge();
        while (bytes > maxBytes) {
            evictOldest(segments.getFirst());
        }
    }

    private void evictOldest(Segment oldest) {
        StoredTrace gone = oldest.evictOldest();
        if (gone != null) {
            traces.remove(gone.id);
            evicted++;
            bytes += oldest.charge();
        }
        if (oldest.isEmpty()) {
            segments.removeFirst();
            bytes -= oldest.discharge();
        }
    }

    private Optional<StoredTrace.Snapshot> snapshot(TraceId id) {
        synchronized (lock) {
            return Optional.ofNullable(traces.get(id)).map(StoredTrace::snapshot);
        }
    }

    private List<Segment> newestFirst() {
        List<Segment> all = new ArrayList<>();
        synchronized (lock) {
            for (Iterator<Segment> i = segments.descendingIterator(); i.hasNext(); ) {
                all.add(i.next());
            }
        }
        return all;
    }

    private static List<TraceSummary> sorted(List<TraceSummary> found) {
        found.sort(Comparator.comparing(TraceSummary::start).reversed());
        return List.copyOf(found);
    }
}
