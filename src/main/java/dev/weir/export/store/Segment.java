package dev.weir.export.store;

import dev.weir.otlp.AttributeView;
import dev.weir.otlp.TraceView;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Traces that arrived one after the other, and the index of what they contain. Its traces go one by one, oldest first;
 * its index goes with the last of them. Guarded by the store's lock.
 */
final class Segment {

    /** Bounds what a search holds the lock for. */
    static final int MAX_TRACES = 4096;

    final TermIndex index = new TermIndex();

    private final Map<Head.Key, Head> heads = new HashMap<>();
    private long headBytes;
    private StoredTrace[] traces = new StoredTrace[16];
    private int count;
    private int evicted;
    private long traceBytes;
    private long charged;

    StoredTrace newTrace(TraceId id) {
        if (count == traces.length) {
            traces = Arrays.copyOf(traces, 2 * count);
        }
        StoredTrace trace = new StoredTrace(id, this, count);
        traces[count++] = trace;
        traceBytes += trace.bytes();
        return trace;
    }

    void add(StoredTrace trace, Fragment fragment) {
        traceBytes += trace.add(fragment);
    }

    Head head(TraceView view, AttributeView attributes, AttributeText text) {
        Head.Key key = new Head.Key(view);
        Head known = heads.get(key);
        if (known != null) {
            return known;
        }
        Head head = new Head(key, view, attributes, text);
        heads.put(key, head);
        headBytes += head.bytes();
        return head;
    }

    /** Forgets the oldest trace; null when there is none. */
    @Nullable
    StoredTrace evictOldest() {
        if (evicted == count) {
            return null;
        }
        StoredTrace oldest = traces[evicted++];
        traceBytes -= oldest.bytes();
        oldest.evict();
        return oldest;
    }

    boolean isEmpty() {
        return evicted == count;
    }

    boolean isFull(long segmentBytes) {
        return count >= MAX_TRACES || bytes() >= segmentBytes;
    }

    int count() {
        return count;
    }

    StoredTrace trace(int number) {
        return traces[number];
    }

    Collection<Head> heads() {
        return heads.values();
    }

    /** Numbers of the traces that are kept. */
    BitSet kept() {
        BitSet kept = new BitSet(count);
        kept.set(evicted, count);
        return kept;
    }

    /** By how many bytes the segment has changed since it was last asked. */
    long charge() {
        long change = bytes() - charged;
        charged += change;
        return change;
    }

    /** Takes back all charges of a segment that is forgotten. */
    long discharge() {
        long all = charged;
        charged = 0;
        return all;
    }

    private long bytes() {
        return Footprint.SEGMENT + index.bytes() + headBytes + traceBytes + 8L * traces.length;
    }
}
