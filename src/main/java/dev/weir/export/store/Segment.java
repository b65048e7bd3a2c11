package dev.weir.export.store;

import dev.weir.otlp.AttributeView;
import dev.weir.otlp.TraceView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Traces that arrived one after the other, and the index of what they contain. They go together, and the segment's arrays
 * then serve the next ones. Guarded by the store's lock.
 */
final class Segment {

    /** Bounds what a search holds the lock for. A power of two. */
    static final int MAX_TRACES = 4096;

    /** With more heads its collections are made anew when it is cleared. */
    private static final int KEPT_HEADS = 1024;

    final TermIndex index;
    final StoredTraces traces = new StoredTraces();
    /** Its number in the {@link TraceTable}. */
    final int slot;

    private final Fragments fragments;
    private Map<Head.Key, Head> headsByKey = new HashMap<>();
    private List<Head> heads = new ArrayList<>();
    private long headBytes;
    private int generation;
    private long charged;

    /** @param segmentBytes what it should hold */
    Segment(TraceTable table, ChunkPool<byte[]> bytes, ChunkPool<int[]> ints, long segmentBytes) {
        this.slot = table.enter(this);
        this.index = new TermIndex(ints, segmentBytes);
        this.fragments = new Fragments(bytes, ints);
    }

    /** Changes when its traces go: who remembers one of them without having the lock compares it. */
    int generation() {
        return generation;
    }

    void add(int trace, Head head, byte[] spans, int length) {
        int fragment = fragments.add(head.number, spans, length);
        int before = traces.addFragment(trace, fragment);
        if (before != Fragments.NONE) {
            fragments.link(before, fragment);
        }
    }

    Head head(TraceView view, AttributeView attributes, AttributeText text) {
        Head.Key key = new Head.Key(view);
        Head known = headsByKey.get(key);
        if (known != null) {
            return known;
        }
        Head head = new Head(heads.size(), key, view, attributes, text);
        headsByKey.put(key, head);
        heads.add(head);
        headBytes += head.bytes();
        return head;
    }

    boolean isFull(long segmentBytes) {
        long used = Footprint.SEGMENT + index.used() + headBytes + traces.used() + fragments.used();
        return traces.count() == MAX_TRACES || used >= segmentBytes;
    }

    List<Head> heads() {
        return heads;
    }

    /** Whether the trace has more bytes of spans than that. */
    boolean isOver(int trace, long bytes) {
        long rest = bytes;
        for (int f = traces.first(trace); f != Fragments.NONE && rest >= 0; f = fragments.next(f)) {
            rest -= fragments.length(f);
        }
        return rest < 0;
    }

    /** @param atMost the most bytes of spans; the first fragment is there in any case */
    TraceSnapshot snapshot(int trace, long atMost) {
        List<Fragment> copied = new ArrayList<>();
        long rest = atMost;
        int f = traces.first(trace);
        while (f != Fragments.NONE && (copied.isEmpty() || fragments.length(f) <= rest)) {
            rest -= fragments.length(f);
            copied.add(new Fragment(heads.get(fragments.head(f)), fragments.spans(f)));
            f = fragments.next(f);
        }
        return new TraceSnapshot(new TraceId(traces.high(trace), traces.low(trace)), copied, f != Fragments.NONE);
    }

    /** Forgets all that it holds, but keeps its arrays as far as the next traces are likely to need them. */
    void clear() {
        generation++;
        index.clear();
        traces.clear();
        fragments.clear();
        if (heads.size() > KEPT_HEADS) {
            headsByKey = new HashMap<>();
            heads = new ArrayList<>();
        }
        headsByKey.clear();
        heads.clear();
        headBytes = 0;
    }

    /** By how many bytes the segment has changed since it was last asked. */
    long charge() {
        long change = bytes() - charged;
        charged += change;
        return change;
    }

    /** Takes back all charges. */
    long discharge() {
        long all = charged;
        charged = 0;
        return all;
    }

    /** Bytes of the heap. */
    long bytes() {
        return Footprint.SEGMENT + index.bytes() + headBytes + traces.bytes() + fragments.bytes();
    }
}
