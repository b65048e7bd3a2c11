package dev.weir.sample.tail;

import dev.weir.sample.policy.Rules;
import dev.weir.sample.policy.Verdict;
import dev.weir.sample.ratio.Threshold;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Decides traces that are due. A round takes traces out of one shard, under its lock for about a millisecond, and writes the
 * kept ones into requests outside of it. For one thread.
 */
final class Decider {

    private static final Logger LOG = Logger.getLogger(Decider.class);
    private static final long FAULTS_LOGGED_EVERY = TimeUnit.SECONDS.toNanos(10);
    private static final long LOCKED_NANOS = 1_000_000;
    private static final int SPANS_A_ROUND = 16 << 10;
    private static final int READER_SLOTS = 8;

    private final HeldStore store;
    private final TailSettings settings;
    private final PolicyNames names;
    private final LongSupplier nanoTime;
    private final Outlet spans;
    private final Outlet logs;
    private final Verdict verdict = new Verdict();
    private final RunList kept = new RunList();
    private final KeptTraces traces = new KeptTraces();
    private final SpanReader reader;
    private final AtomicLongArray decisions = new AtomicLongArray(Reason.values().length);

    private boolean hasLoggedFault;
    private long faultLoggedAt;

    Decider(
            HeldStore store,
            TailSettings settings,
            PolicyNames names,
            Outlet spans,
            Outlet logs,
            LongSupplier nanoTime) {
        this.store = store;
        this.settings = settings;
        this.names = names;
        this.spans = spans;
        this.logs = logs;
        this.nanoTime = nanoTime;
        reader = store.newReader(READER_SLOTS);
    }

    /** Traces decided so far for this reason. */
    long decisions(Reason reason) {
        return decisions.get(reason.ordinal());
    }

    /**
     * @param earlier so many seconds before their time traces are due already
     * @param hurry why the traces that are not due yet are decided too, the oldest first; null when they are not
     * @return whether the shard has more to decide
     */
    boolean round(Shard shard, Rules rules, long second, int earlier, @Nullable Reason hurry) {
        try {
            return take(shard, rules, second, earlier, hurry);
        } finally {
            tell();
            try {
                emit();
            } finally {
                release(shard);
            }
        }
    }

    private void release(Shard shard) {
        if (kept.size() > 0) {
            shard.lock.lock();
            try {
                spans.expect(shard.held.pinned());
                logs.expect(shard.held.pinnedLogs());
                shard.held.release(kept);
            } finally {
                shard.lock.unlock();
            }
        }
        tell();
    }

    private void tell() {
        spans.tell();
        logs.tell();
    }

    /** Hands on what has been written. */
    void flush() {
        spans.flush();
        logs.flush();
    }

    private boolean take(Shard shard, Rules rules, long second, int earlier, @Nullable Reason hurry) {
        traces.clear();
        shard.lock.lock();
        try {
            long until = System.nanoTime() + LOCKED_NANOS;
            Decision slice = shard.slices.peek();
            if (slice != null) {
                takeOut(shard, slice, second);
                shard.slices.remove();
            }
            int most = kept.items() + SPANS_A_ROUND; // a trace that never ends must not keep others from being decided
            Decision d = shard.current;
            while (d.trace != TraceRecords.NONE || next(shard, rules, second, earlier, hurry)) {
                if (d.trace == TraceRecords.NONE) { // the shard was closed while it was scanned
                    return false;
                }
                takeOut(shard, d, second);
                if (kept.items() >= most || System.nanoTime() - until > 0) {
                    return true;
                }
            }
            return !shard.slices.isEmpty();
        } finally {
            shard.lock.unlock();
        }
    }

    /** Decides the next trace into {@link Shard#current}; false when none is due. */
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
        shard.lookAhead.toDecide(trace);
        decide(shard, rules, trace, second, why);
        return true;
    }

    private void decide(Shard shard, Rules rules, int trace, long second, @Nullable Reason early) {
        TraceRecords records = shard.held.records();
        HeldFacts facts = shard.deciding.readBy(reader).at(trace);
        long hash = store.hash().of(facts.traceIdHigh(), facts.traceIdLow());
        Decision d = shard.current;
        d.trace = trace;
        d.isOpen = false;
        d.randomness = facts.randomness();
        boolean hasSpans = facts.spans() > 0;
        boolean isLate = (records.flags(trace) & TraceRecords.LATE) != 0 || !hasSpans;
        long remembered = isLate ? shard.remembered.find(hash) : Remembered.NONE;
        if (remembered != Remembered.NONE) {
            d.set(remembered);
            shard.explanations.late(hash, facts.traceIdHigh(), facts.traceIdLow(), facts.spans());
            return;
        }
        if (!hasSpans) { // nothing to follow; spans that come yet are decided by themselves
            d.pass();
            return;
        }
        Reason reason = early != null ? early : reason(records, trace);
        records.addFlags(trace, TraceRecords.DECIDED); // what comes while it is scanned follows
        try {
            rules.decide(facts.reset(trace, rules), true, nanoTime.getAsLong(), verdict);
            follow(records, trace, d);
        } catch (RuntimeException | Error e) {
            if (d.trace == TraceRecords.NONE) { // the shard was closed meanwhile, and has counted it
                return;
            }
            log(e, "a trace could not be judged, and is kept");
            d.isKept = true;
            d.isProbabilityKnown = false;
            d.policy = names.number(Outbox.FAULT);
            d.threshold = Threshold.ALWAYS;
        }
        shard.explanations.add(hash, facts, d, rules.generation(), reason, System.currentTimeMillis());
        shard.remembered.put(hash, d.isKept, d.isProbabilityKnown, d.policy, d.threshold, (int) second);
        decisions.incrementAndGet(reason.ordinal());
    }

    /**
     * Makes the verdict the decision. What came with the spans, or was drawn at the door, stays in force; what the
     * randomness contradicts does not, and if that was drawn at the door, nobody knows the probability.
     */
    private void follow(TraceRecords records, int trace, Decision d) {
        d.isKept = verdict.isKept();
        d.isProbabilityKnown = verdict.isProbabilityKnown();
        d.policy = names.number(verdict.policy());
        d.threshold = verdict.threshold();
        boolean drawnAtDoor = (records.flags(trace) & TraceRecords.HEAD) != 0;
        if (d.isKept && (d.threshold != Threshold.ALWAYS || drawnAtDoor)) {
            long before = records.threshold(trace);
            if (before <= d.randomness) {
                d.threshold = Math.max(d.threshold, before);
            } else if (drawnAtDoor) {
                d.isProbabilityKnown = false;
            }
        }
    }

    private Reason reason(TraceRecords records, int trace) {
        if (records.isLarge(trace, settings.maxTraceSpans(), Long.MAX_VALUE)) {
            return Reason.TOO_MANY_SPANS;
        }
        if (records.isLarge(trace, Integer.MAX_VALUE, settings.maxTraceBytes())) {
            return Reason.TOO_BIG;
        }
        int flags = records.flags(trace);
        if ((flags & (TraceRecords.DUE_NOW | TraceRecords.LATE)) == TraceRecords.DUE_NOW) {
            return Reason.CERTAIN;
        }
        return (flags & TraceRecords.ROOT_WAIT) != 0 ? Reason.ROOT_WAIT_OVER : Reason.WAIT_OVER;
    }

    /** Takes spans of the decided trace out of the shard, all of them or as many as a round may have. */
    private void takeOut(Shard shard, Decision d, long second) {
        int trace = d.trace;
        boolean whole = d.isKept ? pin(shard, d) : drop(shard, d);
        d.trace = TraceRecords.NONE;
        if (whole) {
            return;
        }
        if (d.isOpen) {
            shard.due.add(trace, second);
            return;
        }
        shard.held.records().addFlags(trace, TraceRecords.DECIDED); // what comes yet follows
        Decision rest = new Decision();
        rest.set(d);
        rest.trace = trace;
        shard.slices.add(rest);
    }

    private boolean pin(Shard shard, Decision d) {
        boolean whole = shard.held.pin(d.trace, SPANS_A_ROUND, kept);
        traces.add(kept.size(), d);
        return whole;
    }

    private boolean drop(Shard shard, Decision d) {
        int before = shard.held.spans();
        int logsBefore = shard.held.logs();
        boolean whole = shard.held.drop(d.trace, SPANS_A_ROUND);
        spans.sampledOut(d.policy, before - shard.held.spans());
        logs.sampledOut(d.policy, logsBefore - shard.held.logs());
        return whole;
    }

    private void emit() {
        int from = 0;
        for (int t = 0; t < traces.size(); t++) {
            Decision d = traces.decision(t);
            byte[] policy = settings.policyAttribute() ? names.utf8(d.policy) : null;
            spans.trace(d, policy);
            logs.trace(d, null);
            for (int i = from; i < traces.end(t); i++) {
                emit(kept.areLogs(i) ? logs : spans, i);
            }
            from = traces.end(t);
        }
    }

    private void emit(Outlet outlet, int run) {
        try {
            reader.run(kept, run);
            outlet.origin(kept.origin(run), store.origins());
        } catch (RuntimeException | Error e) {
            log(e, "kept spans or log records could not be read");
            outlet.lose(kept.count(run));
            return;
        }
        while (reader.next()) {
            try {
                outlet.emit(reader);
            } catch (RuntimeException | Error e) {
                log(e, "a kept span or log record could not be written");
                outlet.lose(1);
            }
        }
    }

    /** One fault in many traces must not fill the log. */
    private void log(Throwable fault, String what) {
        long now = System.nanoTime();
        if (!hasLoggedFault || now - faultLoggedAt > FAULTS_LOGGED_EVERY) {
            hasLoggedFault = true;
            faultLoggedAt = now;
            LOG.error(what, fault);
        }
    }
}
