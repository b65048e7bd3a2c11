package dev.weir.sample.tail;

import dev.weir.sample.policy.Rules;
import dev.weir.sample.policy.SpanMatcher;
import dev.weir.sample.policy.TraceFacts;
import dev.weir.sample.ratio.Threshold;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What policies see of a held trace. The words of a trace that came under older rules mean nothing to the present ones:
 * such a trace is scanned once more. Used under the shard's lock; one for each thread and shard.
 */
final class HeldFacts implements TraceFacts {

    private static final int NONE = -1;

    private final HeldShard held;
    private final HeldStore store;
    private final TraceRecords records;
    private final SpanList list = new SpanList();
    private byte[] span = new byte[4096];
    private int trace;

    private @Nullable SpanMatcher matcher;
    private int generation;
    private boolean scanned;
    /** The scope body that the matcher was told last. */
    private byte @Nullable [] originSeen;

    private long[] bits = {};
    private int[] counts = {};

    HeldFacts(HeldStore store, HeldShard held) {
        this.store = store;
        this.held = held;
        records = held.records();
    }

    /** For what does not depend on the rules. */
    HeldFacts at(int ofTrace) {
        trace = ofTrace;
        scanned = false;
        return this;
    }

    HeldFacts reset(int ofTrace, Rules rules) {
        trace = ofTrace;
        int current = rules.generation();
        // newer rules may have come between: words of the older ones are no longer where these would look
        scanned = records.generation(trace) != current || records.generation() != current;
        if (scanned) {
            scan(rules);
        }
        return this;
    }

    private void scan(Rules rules) {
        if (matcher == null || generation != rules.generation()) {
            matcher = rules.newMatcher();
            generation = rules.generation();
            bits = new long[rules.bitWords()];
            counts = new int[rules.counts()];
        }
        SpanMatcher m = matcher;
        originSeen = null;
        Arrays.fill(bits, 0);
        Arrays.fill(counts, 0);
        forEachSpan((body, from, to, resource, scope) -> {
            if (originSeen != scope) {
                originSeen = scope;
                m.origin(resource, 0, resource.length, scope, 0, scope.length);
            }
            m.span(body, from, to);
            for (int w = 0; w < bits.length; w++) {
                bits[w] |= m.bits(w);
            }
            for (int c = 0; c < counts.length; c++) {
                counts[c] = (int) Math.min((long) counts[c] + m.count(c), Integer.MAX_VALUE);
            }
            return true;
        });
    }

    @Override
    public long traceIdHigh() {
        return records.traceIdHigh(trace);
    }

    @Override
    public long traceIdLow() {
        return records.traceIdLow(trace);
    }

    @Override
    public long randomness() {
        return (records.flags(trace) & TraceRecords.RANDOMNESS_SEEN) != 0
                ? records.randomness(trace)
                : Threshold.randomnessOf(records.traceIdLow(trace));
    }

    /** Of several copies of {@code rv} that differ the greatest counts, which only a broken sender makes. */
    @Override
    public boolean isRandomnessCertain() {
        return (records.flags(trace) & TraceRecords.RANDOMNESS_SEEN) != 0;
    }

    @Override
    public long bits(int word) {
        return scanned ? bits[word] : records.bits(trace, word);
    }

    @Override
    public int count(int index) {
        return scanned ? counts[index] : records.count(trace, index);
    }

    @Override
    public int spans() {
        return records.spans(trace);
    }

    @Override
    public long bytes() {
        return records.bytes(trace);
    }

    @Override
    public int errors() {
        return records.errors(trace);
    }

    @Override
    public long startNanos() {
        return records.startNanos(trace);
    }

    @Override
    public long endNanos() {
        return records.endNanos(trace);
    }

    @Override
    public boolean rootSeen() {
        return (records.flags(trace) & TraceRecords.ROOT_SEEN) != 0;
    }

    @Override
    public void forEachSpan(SpanVisitor visitor) {
        list.clear();
        SpanReader reader = held.reader();
        held.list(trace, Integer.MAX_VALUE, list);
        int origin = NONE;
        byte[] resourceBody = {};
        byte[] scopeBody = {};
        for (int i = 0; i < list.size(); i++) {
            if ((list.flags(i) & SpanFlags.LOG) != 0) {
                continue;
            }
            reader.read(list, i);
            if (span.length < reader.length()) {
                span = new byte[reader.length()];
            }
            reader.copyTo(span, 0);
            if (list.origin(i) != origin) {
                origin = list.origin(i);
                Origin scope = store.origins().get(origin);
                resourceBody = scope.resource().body();
                scopeBody = scope.body();
            }
            if (!visitor.visit(span, 0, reader.length(), resourceBody, scopeBody)) {
                break;
            }
        }
        list.clear();
    }
}
