package dev.weir.export.store;

import dev.weir.otlp.AttributeView;
import dev.weir.otlp.TraceView;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Puts a batch's spans into segments: each run of spans of one trace, resource and scope becomes a fragment, each span's
 * terms go to the index. Guarded by the store's lock.
 */
final class SpanIndexer {

    /** A longer run is stored in several fragments, so that eviction keeps up with it. */
    static final int MAX_RUN = 64 * 1024;

    private final Segments segments;
    private final TraceView view = new TraceView();
    private final AttributeView attributes = new AttributeView();
    private final AttributeText text = new AttributeText();

    /** The run so far. */
    private byte[] run = new byte[8 * 1024];

    private int runLength;
    /** Where the trace of the last span lies: its segment, as it was then, and its number there. */
    private @Nullable Segment segment;

    private int generation;
    private int trace;
    private @Nullable Head head;

    /** The last head that was looked up, and where, so that it is looked up once a scope and segment. */
    private @Nullable Head lookedUp;

    private @Nullable Segment lookedUpIn;
    private int lookedUpGeneration;
    private int lookedUpResource;
    private int lookedUpScope;

    SpanIndexer(Segments segments) {
        this.segments = segments;
    }

    void add(byte[] request) {
        view.reset(request);
        try {
            while (view.next()) {
                addSpan();
            }
            endRun();
        } finally {
            runLength = 0;
            segment = null;
            head = null;
            lookedUp = null;
            lookedUpIn = null;
        }
    }

    private void addSpan() {
        int size = Wire.fieldSize(view.spanEnd() - view.spanStart());
        if (size > segments.largeSpan()) {
            endRun();
            if (!segments.makeRoom(size)) {
                return;
            }
        }
        long high = view.span().traceIdHigh();
        long low = view.span().traceIdLow();
        Segment of = segment;
        boolean sameTrace = of != null && of.generation() == generation && of.traces.is(trace, high, low);
        if (of == null || !sameTrace) {
            endRun();
            of = locate(high, low);
        }
        Head under = headIn(of);
        if (!sameTrace || under != head || runLength >= MAX_RUN) {
            endRun();
            if (of.generation() != generation) { // it made room for its own last run
                of = locate(high, low);
                under = headIn(of);
            }
            under.traces = of.index.push(under.traces, trace);
        }
        head = under;
        of.traces.sawSpan(
                trace,
                view.span().startNanos(),
                view.span().endNanos(),
                view.span().statusCode());
        index(of, under);
        copySpan(size);
    }

    private Segment locate(long high, long low) {
        int place = segments.placeOf(high, low);
        Segment found = segments.at(place);
        segment = found;
        generation = found.generation();
        trace = TraceTable.number(place);
        return found;
    }

    private void index(Segment of, Head under) {
        byte[] bytes = view.bytes();
        TermIndex index = of.index;
        long name = TermHash.of(bytes, view.span().nameStart(), view.span().nameEnd());
        index.add(TermHash.fold(name), trace);
        if (under.service != null) {
            index.add(TermHash.fold(TermHash.pair(under.serviceHash, name)), trace);
        }
        attributes.reset(bytes, view.spanStart(), view.spanEnd(), AttributeView.OF_SPAN);
        while (attributes.next()) {
            if (text.read(bytes, attributes)) {
                long key = TermHash.of(bytes, attributes.keyStart(), attributes.keyEnd());
                long value = TermHash.of(text.bytes(), text.from(), text.to());
                index.add(TermHash.fold(TermHash.pair(key, value)), trace);
            }
        }
    }

    private Head headIn(Segment of) {
        Head last = lookedUp;
        if (last != null
                && lookedUpIn == of
                && lookedUpGeneration == of.generation()
                && lookedUpResource == view.resourceStart()
                && lookedUpScope == view.scopeStart()) {
            return last;
        }
        Head found = of.head(view, attributes, text);
        lookedUp = found;
        lookedUpIn = of;
        lookedUpGeneration = of.generation();
        lookedUpResource = view.resourceStart();
        lookedUpScope = view.scopeStart();
        return found;
    }

    private void copySpan(int size) {
        if (runLength + size > run.length) {
            run = Arrays.copyOf(run, Math.max(2 * run.length, runLength + size));
        }
        runLength = Wire.putField(run, runLength, Wire.CHILDREN, view.bytes(), view.spanStart(), view.spanEnd());
    }

    private void endRun() {
        Segment of = segment;
        if (runLength > 0 && of != null && head != null) {
            of.add(trace, head, run, runLength);
            runLength = 0;
            if (run.length > 2 * MAX_RUN) {
                run = new byte[MAX_RUN];
            }
            segments.grew(of);
        }
    }
}
