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
    private static final int MAX_RUN = 64 * 1024;

    private final TraceStore store;
    private final TraceView view = new TraceView();
    private final AttributeView attributes = new AttributeView();
    private final AttributeText text = new AttributeText();

    /** The run so far. */
    private byte[] run = new byte[8 * 1024];

    private int runLength;
    private @Nullable StoredTrace trace;
    private @Nullable Head head;

    /** The last head that was looked up, and where, so that it is looked up once a scope and segment. */
    private @Nullable Head lookedUp;

    private @Nullable Segment lookedUpIn;
    private int lookedUpResource;
    private int lookedUpScope;

    SpanIndexer(TraceStore store) {
        this.store = store;
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
            trace = null;
            head = null;
            lookedUp = null;
            lookedUpIn = null;
        }
    }

    private void addSpan() {
        StoredTrace of = trace;
        boolean sameTrace = of != null && of.id.low() == view.traceIdLow() && of.id.high() == view.traceIdHigh();
        if (of == null || !sameTrace) {
            endRun();
            of = store.traceFor(new TraceId(view.traceIdHigh(), view.traceIdLow()));
        }
        Head under = headIn(of.segment);
        if (!sameTrace || under != head || runLength >= MAX_RUN) {
            endRun();
            if (of.isEvicted()) { // it made room for its own last run
                of = store.traceFor(of.id);
                under = headIn(of.segment);
            }
            under.traces = of.segment.index.push(under.traces, of.number);
        }
        trace = of;
        head = under;
        of.sawSpan(view.startNanos(), view.endNanos(), view.statusCode());
        index(of, under);
        copySpan();
    }

    private void index(StoredTrace of, Head under) {
        byte[] bytes = view.bytes();
        TermIndex index = of.segment.index;
        long name = TermHash.of(bytes, view.nameStart(), view.nameEnd());
        index.add(TermHash.fold(name), of.number);
        if (under.service != null) {
            index.add(TermHash.fold(TermHash.pair(under.serviceHash, name)), of.number);
        }
        attributes.reset(bytes, view.spanStart(), view.spanEnd(), AttributeView.OF_SPAN);
        while (attributes.next()) {
            if (text.read(bytes, attributes)) {
                long key = TermHash.of(bytes, attributes.keyStart(), attributes.keyEnd());
                long value = TermHash.of(text.bytes(), text.from(), text.to());
                index.add(TermHash.fold(TermHash.pair(key, value)), of.number);
            }
        }
    }

    private Head headIn(Segment segment) {
        Head last = lookedUp;
        if (last != null
                && lookedUpIn == segment
                && lookedUpResource == view.resourceStart()
                && lookedUpScope == view.scopeStart()) {
            return last;
        }
        Head found = segment.head(view, attributes, text);
        lookedUp = found;
        lookedUpIn = segment;
        lookedUpResource = view.resourceStart();
        lookedUpScope = view.scopeStart();
        return found;
    }

    private void copySpan() {
        int size = Wire.fieldSize(view.spanEnd() - view.spanStart());
        if (runLength + size > run.length) {
            run = Arrays.copyOf(run, Math.max(2 * run.length, runLength + size));
        }
        runLength = Wire.putField(run, runLength, Wire.CHILDREN, view.bytes(), view.spanStart(), view.spanEnd());
    }

    private void endRun() {
        if (runLength > 0 && trace != null && head != null) {
            Fragment fragment = new Fragment(head, Arrays.copyOf(run, runLength));
            runLength = 0;
            if (run.length > 2 * MAX_RUN) {
                run = new byte[MAX_RUN];
            }
            store.keep(trace, fragment);
        }
    }
}
