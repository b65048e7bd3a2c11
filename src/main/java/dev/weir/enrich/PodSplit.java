package dev.weir.enrich;

import dev.weir.enrich.envoy.EnvoyDialect;
import dev.weir.otlp.FieldCursor;
import dev.weir.otlp.RequestFields;
import dev.weir.otlp.SpanView;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Says which spans of a ResourceSpans are of which pod, by the node ids of the proxies that made them. An attempt of a gateway,
 * which has no node id, is of its parent's pod. What is of no known pod, or of one too many, is a part of its own; it has the node
 * id, if there is one in it, that cannot be of who sent it. Reusable; for one thread.
 */
final class PodSplit {

    /** No part: all enricher. */
    static final int ALL = -1;

    /** Further pods get no attributes: no one process has so many. */
    static final int MOST_PODS = 16;

    /** Arrays longer than this are let go. */
    private static final int KEPT = 1 << 14;

    private static final int NO_POD = MOST_PODS;

    private final SpanEnricher enricher;
    private final NodeCheck check;
    private final FieldCursor group = new FieldCursor();
    private final FieldCursor scope = new FieldCursor();
    private final SpanView span = new SpanView();
    private final long key = ThreadLocalRandom.current().nextLong();
    private final int[] nodes = new int[2 * (MOST_PODS + 1)];
    private int pods;
    /** Of a pod too many: the first that is foreign. */
    private int foreignStart;

    private int foreignEnd;
    private int spans;
    private long spansLength;
    private int next;

    /** By span: its part. */
    private int[] parts = new int[64];

    private long[] ids = new long[64];
    private long[] parents = new long[64];
    private long[] traces = new long[64];
    /** Spans plus one, by a hash of their ids. */
    private int[] table = new int[256];

    /** Tells whether a node id, in the request, cannot be of who sent it. */
    interface NodeCheck {
        boolean isForeign(int from, int to);
    }

    PodSplit(SpanEnricher enricher, NodeCheck check) {
        this.enricher = enricher;
        this.check = check;
    }

    /** Lets go of what many spans needed. */
    void forget() {
        if (parts.length > KEPT) {
            parts = new int[64];
            ids = new long[64];
            parents = new long[64];
            traces = new long[64];
        }
        if (table.length > KEPT) {
            table = new int[256];
        }
    }

    /**
     * Reads the ResourceSpans whose body lies there.
     *
     * @return how many parts it has
     */
    int read(byte[] request, int from, int to) {
        pods = 0;
        foreignStart = foreignEnd = 0;
        spans = 0;
        spansLength = 0;
        boolean hasOthers = false;
        group.reset(request, from, to);
        while (group.next()) {
            if (!group.isContent(RequestFields.SCOPES)) {
                continue;
            }
            enricher.beginScope();
            scope.reset(request, group.valueStart(), group.valueEnd());
            while (scope.next()) {
                if (scope.isContent(RequestFields.ITEMS)) {
                    span(request, scope.valueStart(), scope.valueEnd());
                    spansLength += scope.valueEnd() - scope.fieldStart();
                } else if (scope.isContent(RequestFields.SCOPE)) {
                    enricher.scope(scope.valueStart(), scope.valueEnd());
                }
            }
        }
        join();
        for (int i = 0; i < spans; i++) {
            if (parts[i] < 0 || parts[i] == NO_POD) {
                hasOthers = true;
                parts[i] = pods;
            }
        }
        nodes[2 * pods] = foreignStart;
        nodes[2 * pods + 1] = foreignEnd;
        return pods + (hasOthers ? 1 : 0);
    }

    /** The first part whose node id cannot be of who sent it; {@link #ALL} when there is none. */
    int foreignPart() {
        for (int part = 0; part <= pods; part++) {
            if (nodeStart(part) < nodeEnd(part) && check.isForeign(nodeStart(part), nodeEnd(part))) {
                return part;
            }
        }
        return ALL;
    }

    int spans() {
        return spans;
    }

    /** Bytes of all spans. */
    long spansLength() {
        return spansLength;
    }

    /** Stands before the first span. */
    void begin() {
        next = 0;
    }

    /** Whether the next span is of that part. */
    boolean isNext(int part) {
        return parts[next++] == part;
    }

    /** Where the node id of a part is, in the request; empty for what is of no pod, unless something in it is foreign. */
    int nodeStart(int part) {
        return nodes[2 * part];
    }

    int nodeEnd(int part) {
        return nodes[2 * part + 1];
    }

    private void span(byte[] request, int from, int to) {
        grow();
        span.read(request, from, to);
        ids[spans] = span.spanId();
        traces[spans] = span.traceIdLow();
        boolean has = enricher.hasNode(from, to);
        parts[spans] = has ? pod(request, enricher.textStart(), enricher.textEnd()) : NO_POD;
        boolean isAttempt = !has && enricher.isEnvoy() && EnvoyDialect.isAttempt(request, span);
        parents[spans] = isAttempt ? span.parentSpanId() : 0;
        spans++;
    }

    private int pod(byte[] request, int from, int to) {
        for (int i = 0; i < pods; i++) {
            if (Arrays.equals(request, nodes[2 * i], nodes[2 * i + 1], request, from, to)) {
                return i;
            }
        }
        if (pods == MOST_PODS) {
            if (foreignStart == foreignEnd && check.isForeign(from, to)) {
                foreignStart = from;
                foreignEnd = to;
            }
            return NO_POD;
        }
        nodes[2 * pods] = from;
        nodes[2 * pods + 1] = to;
        return pods++;
    }

    /** Gives attempts their parents' pods. */
    private void join() {
        int size = Integer.highestOneBit(Math.max(64, 2 * spans)) << 1;
        if (table.length < size || table.length > KEPT) {
            table = new int[size];
        } else {
            Arrays.fill(table, 0);
        }
        for (int i = 0; i < spans; i++) {
            if (parts[i] != NO_POD) {
                int at = slot(ids[i], traces[i]);
                while (table[at] != 0 && !isSame(table[at] - 1, ids[i], traces[i])) {
                    at = at + 1 & table.length - 1;
                }
                table[at] = i + 1;
            }
        }
        for (int i = 0; i < spans; i++) {
            if (parents[i] != 0) {
                parts[i] = partOf(i);
            }
        }
    }

    private int partOf(int attempt) {
        long id = parents[attempt];
        for (int at = slot(id, traces[attempt]); table[at] != 0; at = at + 1 & table.length - 1) {
            if (isSame(table[at] - 1, id, traces[attempt])) {
                return parts[table[at] - 1];
            }
        }
        return NO_POD;
    }

    private boolean isSame(int span, long id, long trace) {
        return ids[span] == id && traces[span] == trace;
    }

    /** Under a key that senders do not know. */
    private int slot(long id, long trace) {
        long hash = (id ^ key) * 0x9e3779b97f4a7c15L + (trace ^ Long.rotateLeft(key, 32)) * 0xc2b2ae3d27d4eb4fL;
        return (int) ((hash ^ hash >>> 29) * 0x165667b19e3779f9L >>> 33) & table.length - 1;
    }

    private void grow() {
        if (spans == 0 && parts.length > KEPT) {
            parts = new int[64];
            ids = new long[64];
            parents = new long[64];
            traces = new long[64];
        }
        if (spans == parts.length) {
            parts = Arrays.copyOf(parts, 2 * spans);
            ids = Arrays.copyOf(ids, 2 * spans);
            parents = Arrays.copyOf(parents, 2 * spans);
            traces = Arrays.copyOf(traces, 2 * spans);
        }
    }
}
