package dev.weir.sample.tail;

import dev.weir.pipeline.Ledger;
import dev.weir.sample.policy.Rules;
import dev.weir.sample.policy.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * Decides traces that are due. A round takes traces out of one shard, under its lock for about a millisecond, and writes the
 * kept ones into requests outside of it. For one thread.
 */
final class Decider {

    private static final long LOCKED_NANOS = 1_000_000;
    private static final int SPANS_A_ROUND = 16 << 10;
    private static final int READER_SLOTS = 8;
    private static final int CLOCK_EVERY = 16;

    private final HeldStore store;
    private final TailSettings settings;
    private final PolicyNames names;
    private final Ledger ledger;
    private final Outbox outbox;
    private final Emission emission;
    private final SampledOut sampledOut;
    private final Verdict verdict = new Verdict();
    private final SpanList kept = new SpanList();
    private final SpanReader reader;
    private final AtomicLongArray decisions = new AtomicLongArray(Reason.values().length);

    /** The kept traces of the round: where each ends in {@link #kept}, and how it was decided. */
    private int[] end = new int[64];

    private Decision[] decision = new Decision[0];
    private int traces;
    private final Map<Integer, byte[]> policyNames = new HashMap<>();

    Decider(HeldStore store, TailSettings settings, PolicyNames names, Ledger ledger, Outbox outbox, int requestBytes) {
        this.store = store;
        this.settings = settings;
        this.names = names;
        this.ledger = ledger;
        this.outbox = outbox;
        reader = store.newReader(READER_SLOTS);
        emission = new Emission(requestBytes, outbox);
        sampledOut = new SampledOut(names);
    }

    /** How a trace is passed on. */
    static final class Decision {
        int trace = TraceRecords.NONE;
        boolean isKept;
        boolean isProbabilityKnown;
        int policy;
        long randomness;
        long threshold;

        void set(Decision other) {
            trace = other.trace;
            isKept = other.isKept;
            isProbabilityKnown = other.isProbabilityKnown;
            policy = other.policy;
            randomness = other.randomness;
            threshold = other.threshold;
        }
    }

    /** Traces decided so far for this reason. */
    long decisions(Reason reason) {
        return decisions.get(reason.ordinal());
    }

    /** Spans that could not be given a threshold. */
    long unwritable() {
        return emission.unwritable();
    }

    /**
     * @param earlier so many seconds before their time traces are due already
     * @param hurry why the traces that are not due yet are decided too, the oldest first; null when they are not
     * @return whether the shard has more to decide
     */
    boolean round(Shard shard, Rules rules, long second, int earlier, @Nullable Reason hurry) {
        boolean more = take(shard, rules, second, earlier, hurry);
        emit();
        if (kept.size() > 0) {
            shard.lock.lock();
            try {
                outbox.expect(kept.size());
                shard.held.release(kept);
            } finally {
                shard.lock.unlock();
            }
        }
        sampledOut.tell(ledger);
        return more;
    }

    /** Hands on what has been written. */
    void flush() {
        emission.flush();
    }

    private boolean take(Shard shard, Rules rules, long second, int earlier, @Nullable Reason hurry) {
        traces = 0;
        shard.lock.lock();
        try {
            long until = System.nanoTime() + LOCKED_NANOS;
            for (int i = 1; ; i++) {
                Decision d = shard.unfinished;
                if (d.trace == TraceRecords.NONE && !next(shard, rules, second, earlier, hurry)) {
                    return false;
                }
                takeOut(shard, d);
                if (kept.size() >= SPANS_A_ROUND || i % CLOCK_EVERY == 0 && System.nanoTime() - until > 0) {
                    return true;
                }
            }
        } finally {
            shard.lock.unlock();
        }
    }

    /** Decides the next trace into {@link Shard#unfinished}; false when none is due. */
    private boolean next(Shard shard, Rules rules, long second, int earlier, @Nullable Reason hurry) {
        int trace = shard.due.takeDue(second, 0);
        Reason why = null;
        if (trace == DueWheel.NONE && earlier > 0) {
            trace = shard.due.takeDue(second, earlier);
            why = Reason.MEMORY;
        }
        if (trace == DueWheel.NONE && hurry != null) {
            trace = shard.due.takeFirst();
            why = hurry;
        }
        if (trace == DueWheel.NONE) {
            return false;
        }
        decide(shard, rules, trace, second, why);
        return true;
    }

    private void decide(Shard shard, Rules rules, int trace, long second, @Nullable Reason early) {
        TraceRecords records = shard.held.records();
        HeldFacts facts = shard.facts.reset(trace, rules);
        long hash = store.hash().of(facts.traceIdHigh(), facts.traceIdLow());
        Decision d = shard.unfinished;
        d.trace = trace;
        d.randomness = facts.randomness();
        long remembered =
                (records.flags(trace) & TraceRecords.LATE) == 0 ? Remembered.NONE : shard.remembered.find(hash);
        if (remembered != Remembered.NONE) {
            d.isKept = Remembered.isKept(remembered);
            d.isProbabilityKnown = Remembered.isProbabilityKnown(remembered);
            d.policy = Remembered.policy(remembered);
            d.threshold = Remembered.threshold(remembered);
            shard.explanations.late(hash, facts.traceIdHigh(), facts.traceIdLow(), facts.spans());
            return;
        }
        Reason reason = early != null ? early : reason(records, trace, facts);
        rules.decide(facts, true, System.nanoTime(), verdict);
        d.isKept = verdict.isKept();
        d.isProbabilityKnown = verdict.isProbabilityKnown();
        d.policy = names.number(verdict.policy());
        d.threshold = verdict.isKept()
                ? thresholdWith(records, trace, verdict.threshold(), d.randomness)
                : verdict.threshold();
        shard.remembered.put(hash, d.isKept, d.isProbabilityKnown, d.policy, d.threshold, (int) second);
        shard.explanations.add(hash, facts, verdict, d.policy, rules.generation(), reason, System.currentTimeMillis());
        decisions.incrementAndGet(reason.ordinal());
    }

    private Reason reason(TraceRecords records, int trace, HeldFacts facts) {
        if (facts.spans() >= settings.maxTraceSpans()) {
            return Reason.TOO_MANY_SPANS;
        }
        if (facts.bytes() >= settings.maxTraceBytes()) {
            return Reason.TOO_BIG;
        }
        if ((records.flags(trace) & TraceRecords.DUE_NOW) != 0) {
            return Reason.CERTAIN;
        }
        return facts.rootSeen() ? Reason.ROOT_WAIT_OVER : Reason.WAIT_OVER;
    }

    /** What came with the spans, or was drawn at the door, stays in force; what the randomness contradicts does not. */
    private static long thresholdWith(TraceRecords records, int trace, long own, long randomness) {
        boolean drawnAtDoor = (records.flags(trace) & TraceRecords.HEAD) != 0;
        if (own == 0 && !drawnAtDoor) {
            return 0;
        }
        long upstream = records.threshold(trace);
        return upstream > randomness ? own : Math.max(own, upstream);
    }

    /** Takes spans of the decided trace out of the shard, all of them or as many as a round may have. */
    private void takeOut(Shard shard, Decision d) {
        if (d.isKept) {
            boolean whole = shard.held.pin(d.trace, SPANS_A_ROUND, kept);
            if (traces == end.length) {
                end = Arrays.copyOf(end, 2 * traces);
            }
            if (traces == decision.length) {
                int grown = Math.max(64, 2 * traces);
                int from = decision.length;
                decision = Arrays.copyOf(decision, grown);
                for (int i = from; i < grown; i++) {
                    decision[i] = new Decision();
                }
            }
            end[traces] = kept.size();
            decision[traces++].set(d);
            if (whole) {
                d.trace = TraceRecords.NONE;
            }
            return;
        }
        int before = shard.held.spans();
        if (shard.held.drop(d.trace, SPANS_A_ROUND)) {
            d.trace = TraceRecords.NONE;
        }
        sampledOut.add(d.policy, before - shard.held.spans());
    }

    private byte[] policyName(int policy) {
        return policyNames.computeIfAbsent(policy, p -> names.name(p).getBytes(StandardCharsets.UTF_8));
    }

    private void emit() {
        int from = 0;
        for (int t = 0; t < traces; t++) {
            Decision d = decision[t];
            byte[] policy = settings.policyAttribute() ? policyName(d.policy) : null;
            emission.trace(d.randomness, d.threshold, d.isProbabilityKnown, policy);
            int origin = -1;
            for (int i = from; i < end[t]; i++) {
                if (kept.origin(i) != origin) {
                    origin = kept.origin(i);
                    Origin scope = store.origins().get(origin);
                    Origin resource = scope.resource();
                    emission.origin(resource.header, resource.header.length, scope.header, scope.header.length);
                }
                reader.read(kept, i);
                emission.span(
                        reader.bytes(), reader.from(), reader.length(), (kept.flags(i) & SpanFlags.TRACE_STATE) != 0);
            }
            from = end[t];
        }
    }
}
