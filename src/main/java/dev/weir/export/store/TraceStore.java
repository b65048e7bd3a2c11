package dev.weir.export.store;

import dev.weir.pipeline.Batch;
import dev.weir.pipeline.Deadline;
import dev.weir.pipeline.Destination;
import dev.weir.pipeline.Ledger;
import dev.weir.pipeline.Signal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Traces in memory, bounded in bytes with their index, those that arrived first out first, a segment at a time: at most a
 * 32nd part of the store, or what came later for its traces. An evicted trace was delivered, and is counted by {@link
 * #evictedTraces}.
 *
 * <p>Safe for use by many threads. One thread of its own indexes what is queued, under a lock, for a time in proportion to
 * the bytes of a batch; readers take the lock for one segment of the index at a time, and to copy one trace.
 */
public final class TraceStore implements Destination, AutoCloseable {

    /** The destination's name in the ledger. */
    public static final String NAME = "store";

    private final IndexQueue queue;

    private final Object lock = new Object();
    private final Segments segments;
    private final SpanIndexer indexer;

    /**
     * @param maxBytes the most bytes of spans and index, positive
     * @param queueBytes the most bytes that wait to be indexed, positive
     * @param whenFull what the queue does when it is full
     */
    public TraceStore(long maxBytes, long queueBytes, WhenFull whenFull, Ledger ledger) {
        if (maxBytes <= 0) {
            throw new IllegalArgumentException("maxBytes must be positive, was " + maxBytes);
        }
        this.segments = new Segments(maxBytes);
        this.indexer = new SpanIndexer(segments);
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
        for (Found found : newestFirst()) {
            synchronized (lock) {
                if (found.isThere()) {
                    for (Head head : found.segment.heads()) {
                        if (head.service != null) {
                            names.add(head.service);
                        }
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
        for (Found place : newestFirst()) {
            for (int number : candidates(search, place)) {
                TraceSnapshot candidate = snapshot(place, number);
                if (candidate == null) {
                    break; // its segment was evicted, with all of its traces
                }
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
        return TraceId.parse(traceId).map(this::snapshot).map(TraceReader::readMerged);
    }

    /** Bytes in use, the index included. */
    public long bytes() {
        synchronized (lock) {
            return segments.bytes();
        }
    }

    public long maxBytes() {
        return segments.maxBytes();
    }

    /** Traces kept now. */
    public long traces() {
        synchronized (lock) {
            return segments.traces();
        }
    }

    /** Traces that made room for newer ones since the start. */
    public long evictedTraces() {
        synchronized (lock) {
            return segments.evictedTraces();
        }
    }

    private @Nullable TraceSnapshot snapshot(TraceId id) {
        synchronized (lock) {
            int place = segments.find(id);
            return place == TraceTable.NONE ? null : segments.at(place).snapshot(TraceTable.number(place));
        }
    }

    private List<Found> newestFirst() {
        synchronized (lock) {
            return segments.newestFirst().stream()
                    .map(segment -> new Found(segment, segment.generation()))
                    .toList();
        }
    }

    private int[] candidates(SegmentSearch search, Found in) {
        synchronized (lock) {
            return in.isThere() ? search.candidates(in.segment) : new int[0];
        }
    }

    private @Nullable TraceSnapshot snapshot(Found in, int number) {
        synchronized (lock) {
            return in.isThere() ? in.segment.snapshot(number) : null;
        }
    }

    private static List<TraceSummary> sorted(List<TraceSummary> found) {
        found.sort(Comparator.comparing(TraceSummary::start).reversed());
        return List.copyOf(found);
    }

    /** A segment as it was once; {@link #isThere} wants the lock. */
    private record Found(Segment segment, int generation) {

        boolean isThere() {
            return segment.generation() == generation;
        }
    }
}
