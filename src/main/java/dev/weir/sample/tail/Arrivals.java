package dev.weir.sample.tail;

import dev.weir.otlp.LogSamplingView;
import dev.weir.otlp.OtelTraceState;
import dev.weir.otlp.SpanCursor;
import dev.weir.otlp.SpanView;
import dev.weir.sample.policy.Rules;
import dev.weir.sample.policy.SpanMatcher;
import dev.weir.sample.ratio.Threshold;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The spans, or log records, of the request that a thread is holding: read once, sorted by shard. One for each thread, reused; arrays grow to
 * the largest request seen, and shrink again after a very large one.
 */
final class Arrivals {

    /** Longs of a span, before its words: id, hash, start, end, randomness, threshold. */
    static final int ID_HIGH = 0;

    static final int ID_LOW = 1;
    static final int HASH = 2;
    static final int START = 3;
    static final int END = 4;
    static final int RANDOMNESS = 5;
    static final int THRESHOLD = 6;
    private static final int FIXED = 7;

    private static final int USUAL_SPANS = 1024;
    private static final int MOST_KEPT_SPANS = 16 * USUAL_SPANS;

    private final HeldStore store;
    private final RequestOrigins origins;
    private final SpanCursor cursor = new SpanCursor();
    private final OtelTraceState state = new OtelTraceState();
    private final LogSamplingView log = new LogSamplingView();
    final Reservation reservation;

    private @Nullable SpanMatcher matcher;
    private int generation;
    private int bitWords;
    private int counts;
    private int stride = FIXED;

    private long[] longs = {};
    private int[] from = {};
    private int[] to = {};
    private int[] origin = {};
    private int[] flags = {};
    private int[] byShard = {};
    private final int[] shardStart;
    private int size;
    private boolean logs;

    Arrivals(HeldStore store) {
        this.store = store;
        origins = new RequestOrigins(store.origins());
        reservation = store.newReservation();
        shardStart = new int[store.shards() + 2];
    }

    /**
     * Reads a request of spans.
     *
     * @return false when there was no memory for a new origin, or they are more than could ever be held
     */
    boolean read(byte[] request, int spans, Rules rules) {
        if (!reservation.couldHold(spans)) {
            return false;
        }
        prepare(spans, rules);
        SpanMatcher m = Objects.requireNonNull(matcher);
        int current = 0;
        cursor.reset(request);
        while (cursor.next()) {
            if (cursor.isNewScope()) {
                current = origins.acquire(request, cursor);
                if (current == Origins.REFUSED) {
                    return false;
                }
                m.origin(request, cursor.resourceFrom(), cursor.resourceTo(), cursor.scopeFrom(), cursor.scopeTo());
            }
            m.span(request, cursor.from(), cursor.to());
            add(request, m, m.fields(), current);
        }
        sort();
        return true;
    }

    /**
     * Reads a request of log records, those with a trace id.
     *
     * @return as {@link #read}
     */
    boolean readLogs(byte[] request, int records, Rules rules) {
        if (!reservation.couldHold(records)) {
            return false;
        }
        prepare(records, rules);
        logs = true;
        int scopeGroup = -1;
        int current = 0;
        cursor.reset(request);
        while (cursor.next()) {
            if (!log.reset(request, cursor.from(), cursor.to()).hasTraceId()) {
                continue;
            }
            if (cursor.scopeGroupFrom() != scopeGroup) {
                scopeGroup = cursor.scopeGroupFrom();
                current = origins.acquire(request, cursor);
                if (current == Origins.REFUSED) {
                    return false;
                }
            }
            flags[size] = SpanFlags.LOG | (log.isPlain() ? 0 : SpanFlags.TRACE_STATE);
            addItem(log.traceIdHigh(), log.traceIdLow(), current);
        }
        sort();
        return true;
    }

    private void prepare(int spans, Rules rules) {
        if (matcher == null || generation != rules.generation()) {
            matcher = rules.newMatcher();
            generation = rules.generation();
            bitWords = rules.bitWords();
            counts = rules.counts();
            stride = FIXED + bitWords + (counts + 1) / 2;
            longs = new long[0];
        }
        if (from.length < spans || from.length > MOST_KEPT_SPANS && spans < MOST_KEPT_SPANS || longs.length == 0) {
            int capacity = Math.max(USUAL_SPANS, spans);
            longs = new long[capacity * stride];
            from = new int[capacity];
            to = new int[capacity];
            origin = new int[capacity];
            flags = new int[capacity];
            byShard = new int[capacity];
        }
        size = 0;
        logs = false;
        Arrays.fill(shardStart, 0);
    }

    private void add(byte[] request, SpanMatcher m, SpanView span, int ofOrigin) {
        int i = addItem(span.traceIdHigh(), span.traceIdLow(), ofOrigin);
        int at = i * stride;
        longs[at + START] = span.startNanos();
        longs[at + END] = span.startNanos() + span.durationNanos();
        int f = (span.isRoot() ? SpanFlags.ROOT : 0) | (span.statusCode() == 2 ? SpanFlags.ERROR : 0);
        if (span.traceStateEnd() > span.traceStateStart()) {
            f |= SpanFlags.TRACE_STATE | readState(request, span, at);
        }
        flags[i] = f;
        at += FIXED;
        for (int w = 0; w < bitWords; w++) {
            longs[at++] = m.bits(w);
        }
        for (int c = 0; c < counts; c += 2) {
            longs[at++] = m.count(c) | (c + 1 < counts ? (long) m.count(c + 1) << Integer.SIZE : 0);
        }
    }

    /** The item where the cursor stands. */
    private int addItem(long idHigh, long idLow, int ofOrigin) {
        int i = size++;
        from[i] = cursor.from();
        to[i] = cursor.to();
        origin[i] = ofOrigin;
        int at = i * stride;
        // a trace's spans mostly stand together
        boolean isSame = i > 0 && longs[at - stride + ID_LOW] == idLow && longs[at - stride + ID_HIGH] == idHigh;
        long hash = isSame ? longs[at - stride + HASH] : store.hash().of(idHigh, idLow);
        longs[at + ID_HIGH] = idHigh;
        longs[at + ID_LOW] = idLow;
        longs[at + HASH] = hash;
        int shard = store.shardOf(hash);
        shardStart[shard + 2]++;
        reservation.add(shard, to[i] - from[i]);
        return i;
    }

    private int readState(byte[] request, SpanView span, int at) {
        state.reset(request, span.traceStateStart(), span.traceStateEnd());
        if (state.isMalformed()) {
            return 0;
        }
        int f = 0;
        long randomness = Threshold.randomnessOf(span.traceIdLow());
        if (state.hasRandomness()) {
            randomness = state.randomness();
            longs[at + RANDOMNESS] = randomness;
            f |= SpanFlags.RANDOMNESS;
        }
        if (state.hasThreshold() && Threshold.keeps(randomness, state.threshold())) {
            longs[at + THRESHOLD] = state.threshold();
            f |= SpanFlags.THRESHOLD;
        }
        return f;
    }

    /** Counting sort: {@link #shardStart} becomes where the spans of each shard start in {@link #byShard}. */
    private void sort() {
        for (int s = 2; s < shardStart.length; s++) {
            shardStart[s] += shardStart[s - 1];
        }
        for (int i = 0; i < size; i++) {
            byShard[shardStart[store.shardOf(longs[i * stride + HASH]) + 1]++] = i;
        }
    }

    /** The request's references to origins, to be released when it is held. */
    RequestOrigins origins() {
        return origins;
    }

    int generation() {
        return generation;
    }

    int bitWords() {
        return bitWords;
    }

    int counts() {
        return counts;
    }

    int size() {
        return size;
    }

    /** Whether they are log records: then there are no more fields than the ids and the hash, and no words. */
    boolean isLogs() {
        return logs;
    }

    /** The spans of a shard are {@link #at}{@code (first(shard))} to {@code at(first(shard + 1) - 1)}. */
    int first(int shard) {
        return shardStart[shard];
    }

    int at(int position) {
        return byShard[position];
    }

    /** The position after the last of those from {@code position} on that are of one trace. */
    int endOfTrace(int position, int end) {
        long high = get(byShard[position], ID_HIGH);
        long low = get(byShard[position], ID_LOW);
        int p = position + 1;
        while (p < end && get(byShard[p], ID_LOW) == low && get(byShard[p], ID_HIGH) == high) {
            p++;
        }
        return p;
    }

    /** The position after the last of those from {@code position} on that have one origin, before {@code end}. */
    int endOfOrigin(int position, int end) {
        int its = origin[byShard[position]];
        int p = position + 1;
        while (p < end && origin[byShard[p]] == its) {
            p++;
        }
        return p;
    }

    int length(int span) {
        return to[span] - from[span];
    }

    long get(int span, int field) {
        return longs[span * stride + field];
    }

    long bits(int span, int word) {
        return longs[span * stride + FIXED + word];
    }

    int count(int span, int index) {
        long two = longs[span * stride + FIXED + bitWords + index / 2];
        return (int) (index % 2 == 0 ? two : two >>> Integer.SIZE);
    }

    int flags(int span) {
        return flags[span];
    }

    int from(int span) {
        return from[span];
    }

    int to(int span) {
        return to[span];
    }

    int origin(int span) {
        return origin[span];
    }
}
