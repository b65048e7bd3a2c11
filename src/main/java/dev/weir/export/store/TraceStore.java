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
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Traces in memory, bounded in bytes with their index, those that arrived first out first, a segment at a time: at most a
 * 32nd part of the store, or what came later for its traces. An evicted trace was delivered, and is counted by {@link
 * #evictedTraces}.
 *
 * <p>Safe for use by many threads. One thread of its own indexes what is queued, under a lock, for a time in proportion to
 * the bytes of a batch; readers take the lock for one segment of the index at a time, and to copy one trace, of
 * which they read no more than an eighth of the store or 4 MiB; large ones one at a time.
 */
public final class TraceStore implements Destination, AutoCloseable {

    /** The destination's name in the ledger. */
    public static final String NAME = "store";

    /** A trace with more bytes of spans is read alone. */
    private static final long LARGE_TRACE = 1 << 20;

    private static final long LEAST_MAX_READ = 4 << 20;

    private final IndexQueue queue;

    /** The most bytes of spans that are read of one trace. */
    private final long maxReadBytes;

    /** Held while a large trace is read: the copies are not among the store's bytes. Taken before {@link #lock}. */
    private final Object largeRead = new Object();

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
        this.maxReadBytes = Math.max(LEAST_MAX_READ, maxBytes / 8);
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
                read(place, number, trace -> {
                            byte[] request = TraceReader.read(trace);
                            return matcher.matchesAny(request) ? Summarizer.summarize(trace, request) : null;
                        })
                        .ifPresent(found::add);
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
     * @throws TraceTooLargeException when it has more than an eighth of {@link #maxBytes}, and more than 4 MiB of spans
     */
    public Optional<byte[]> trace(String traceId) {
        return TraceId.parse(traceId).flatMap(this::merged);
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

    private Optional<byte[]> merged(TraceId id) {
        Found in;
        int number;
        synchronized (lock) {
            int place = segments.find(id);
            if (place == TraceTable.NONE) {
                return Optional.empty();
            }
            in = new Found(segments.at(place), segments.at(place).generation());
            number = TraceTable.number(place);
        }
        return read(in, number, trace -> {
            if (trace.truncated()) {
                throw new TraceTooLargeException(id, maxReadBytes);
            }
            return TraceReader.readMerged(trace);
        });
    }

    /** What the reader makes of the trace; empty also when the trace has gone. */
    private <T> Optional<T> read(Found in, int number, Function<TraceSnapshot, @Nullable T> reader) {
        boolean large;
        synchronized (lock) {
            large = in.isThere() && in.segment.isOver(number, LARGE_TRACE);
        }
        if (!large) {
            return Optional.ofNullable(snapshot(in, number)).map(reader);
        }
        synchronized (largeRead) {
            return Optional.ofNullable(snapshot(in, number)).map(reader);
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
            return in.isThere() ? in.segment.snapshot(number, maxReadBytes) : null;
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
