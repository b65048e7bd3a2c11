package dev.weir.sample.tail;

import dev.weir.sample.policy.Rules;
import dev.weir.sample.policy.SpanMatcher;
import dev.weir.sample.policy.TraceFacts;
import dev.weir.sample.ratio.Threshold;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What policies see of a held trace. The words of a trace that came under older rules mean nothing to the present ones:
 * such a trace is scanned once more. Used under the shard's lock; one for each thread and shard.
 *
 * <p>The decider's own lets the lock go while it reads the spans of a large trace, a slice at a time. The trace is decided
 * about as it was when that began: what comes meanwhile follows.
 */
final class HeldFacts implements TraceFacts {

    private static final int NONE = -1;

    /** So many spans and bytes are read under the lock at most: about half a millisecond. */
    static final int MOST_LOCKED = 1_024;

    private static final long MOST_LOCKED_BYTES = 1 << 20;

    /** So many are lent at once: to list them takes about as long. */
    private static final int SLICE = 8_192;

    private static final int USUAL_SPAN = 4 << 10;

    private final HeldShard held;
    private final HeldStore store;
    private final TraceRecords records;
    private final RunList list = new RunList();
    private final @Nullable ReentrantLock lock;
    private final BooleanSupplier isClosed;
    private byte[] span = new byte[USUAL_SPAN];
    private int trace;
    private int lastRun;
    private @Nullable SpanReader unlockedReader;
    /** As they were when the decision began. */
    private int spans;

    private long bytes;
    private boolean isLarge;

    private @Nullable SpanMatcher matcher;
    private int generation;
    /** Whether the trace's words are those here, and not those of its record. */
    private boolean hasOwnWords;
    /** The scope body that the matcher was told last. */
    private byte @Nullable [] originSeen;

    private long[] bits = {};
    private int[] counts = {};

    HeldFacts(HeldStore store, HeldShard held) {
        this(store, held, null, () -> false);
    }

    /**
     * For the decider.
     *
     * @param lock held by who uses it, once
     * @param isClosed whether the shard has let go of everything meanwhile
     */
    HeldFacts(HeldStore store, HeldShard held, @Nullable ReentrantLock lock, BooleanSupplier isClosed) {
        this.store = store;
        this.held = held;
        this.lock = lock;
        this.isClosed = isClosed;
        records = held.records();
    }

    /** By whom the spans of large traces are read, without the lock. */
    HeldFacts readBy(SpanReader reader) {
        unlockedReader = reader;
        return this;
    }

    /** For what does not depend on the rules. */
    HeldFacts at(int ofTrace) {
        trace = ofTrace;
        spans = records.spans(trace);
        bytes = records.bytes(trace);
        hasOwnWords = false;
        lastRun = records.lastRun(trace);
        isLarge = lock != null && records.isLarge(trace, MOST_LOCKED + 1, MOST_LOCKED_BYTES);
        return this;
    }

    HeldFacts reset(int ofTrace, Rules rules) {
        trace = ofTrace;
        int current = rules.generation();
        // newer rules may have come between: words of the older ones are no longer where these would look
        boolean isOutdated =
                records.generation(trace) != current || records.words().generation() != current;
        hasOwnWords = isOutdated || isLarge;
        if (isOutdated) {
            scan(matcher(rules));
        } else if (isLarge) { // newer rules may come while the lock is let go
            matcher(rules);
            Arrays.setAll(bits, word -> records.words().bits(trace, word));
            Arrays.setAll(counts, index -> records.words().count(trace, index));
        }
        return this;
    }

    private SpanMatcher matcher(Rules rules) {
        SpanMatcher m = matcher;
        if (m == null || generation != rules.generation()) {
            m = rules.newMatcher();
            matcher = m;
            generation = rules.generation();
            bits = new long[rules.bitWords()];
            counts = new int[rules.counts()];
        }
        return m;
    }

    private void scan(SpanMatcher m) {
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
        return hasOwnWords ? bits[word] : records.words().bits(trace, word);
    }

    @Override
    public int count(int index) {
        return hasOwnWords ? counts[index] : records.words().count(trace, index);
    }

    @Override
    public int spans() {
        return isLarge ? spans : records.spans(trace);
    }

    @Override
    public long bytes() {
        return isLarge ? bytes : records.bytes(trace);
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
        ReentrantLock slicing = lock;
        if (slicing != null && isLarge) {
            forEachSlice(visitor, slicing);
            return;
        }
        list.clear();
        held.list(trace, list);
        visit(held.reader(), visitor);
        list.clear();
    }

    /** @throws IllegalStateException when the trace is gone: the shard was closed */
    private void forEachSlice(SpanVisitor visitor, ReentrantLock slicing) {
        SpanReader reader = Objects.requireNonNull(unlockedReader);
        boolean more = true;
        for (int run = lastRun; more && run != RunIndex.NONE; ) {
            run = held.lend(run, SLICE, list);
            slicing.unlock();
            try {
                more = visit(reader, visitor);
            } finally {
                slicing.lock();
                held.giveBack(list);
            }
            if (isClosed.getAsBoolean()) {
                throw new IllegalStateException("the shard was closed while a trace was scanned");
            }
        }
    }

    /** The array into which spans are copied; after a very large one it is small again. */
    private byte[] room(int length) {
        if (span.length < length || span.length > 16 * USUAL_SPAN && length <= USUAL_SPAN) {
            span = new byte[Math.max(length, USUAL_SPAN)];
        }
        return span;
    }

    /** The spans of the list; false when the visitor wants no more. */
    private boolean visit(SpanReader reader, SpanVisitor visitor) {
        int origin = NONE;
        byte[] resourceBody = {};
        byte[] scopeBody = {};
        for (int i = 0; i < list.size(); i++) {
            if (list.areLogs(i)) {
                continue;
            }
            if (list.origin(i) != origin) {
                origin = list.origin(i);
                Origin scope = store.origins().get(origin);
                resourceBody = scope.resource().body();
                scopeBody = scope.body();
            }
            reader.run(list, i);
            while (reader.next()) {
                byte[] copy = room(reader.length());
                reader.copyTo(copy, 0);
                if (!visitor.visit(copy, 0, reader.length(), resourceBody, scopeBody)) {
                    return false;
                }
            }
        }
        return true;
    }
}
