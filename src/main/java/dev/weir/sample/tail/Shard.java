package dev.weir.sample.tail;

import dev.weir.sample.policy.Rules;
import dev.weir.sample.ratio.Threshold;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;

/**
 * One part of the held traces under one lock: a trace belongs to the shard that the hash of its id says. A request's spans
 * are held under one taking of each shard's lock.
 */
final class Shard {

    private static final Logger LOG = Logger.getLogger(Shard.class);
    private static final int NOT_HELD = -1;

    final ReentrantLock lock = new ReentrantLock();
    final HeldShard held;
    final DueWheel due;
    final Remembered remembered;
    final HeldFacts facts;
    /** For the thread that decides. */
    final HeldFacts deciding;

    final Explanations explanations;

    /** What the decider has not yet taken out of the shard whole. */
    final Decision unfinished = new Decision();

    private final TraceRecords records;
    private final TailSettings settings;
    private boolean isClosed;
    /** The policy by which the trace is sampled out that {@link #place} did not place. */
    private int follows;

    private final int overload;

    /** @param overload the number of the policy by which traces are let go at the door */
    Shard(HeldStore store, TailSettings settings, Explanations explanations, int overload, long second) {
        this.explanations = explanations;
        this.overload = overload;
        this.settings = settings;
        held = store.newShard();
        records = held.records();
        due = new DueWheel(records, settings.waitSeconds() + 1, second);
        remembered = new Remembered(settings.rememberedBytes());
        facts = new HeldFacts(store, held);
        deciding = new HeldFacts(store, held, lock, () -> isClosed);
    }

    /**
     * Holds the spans, or log records, of a request that belong here.
     *
     * @param headThreshold T for spans of traces that are not known yet; {@link Threshold#ALWAYS} when there is room for all
     * @param sampledOut spans that follow a trace's decision, or lose the dice, are counted there and not held
     * @return how many of the spans were lost: all that had not been held yet when the stage was closed or an error, which
     *     is in the log, occurred
     */
    int hold(
            int shard,
            Arrivals arrivals,
            byte[] request,
            Rules rules,
            long second,
            long headThreshold,
            SampledOut sampledOut) {
        int end = arrivals.first(shard + 1);
        int p = arrivals.first(shard);
        lock.lock();
        try {
            if (isClosed) {
                return end - p;
            }
            useLayout(arrivals);
            int trace = TraceRecords.NONE;
            int before = -1;
            while (p < end) {
                int i = arrivals.at(p);
                if (trace == TraceRecords.NONE || !isSameTrace(arrivals, before, i)) {
                    conclude(trace, arrivals, rules, second);
                    trace = place(arrivals, i, second, headThreshold);
                }
                if (trace != NOT_HELD) {
                    append(trace, arrivals, i, request);
                    p++;
                    fold(trace, arrivals, i, second);
                } else {
                    sampledOut.add(follows, 1);
                    p++;
                    explainLate(arrivals, i);
                }
                before = i;
            }
            conclude(trace, arrivals, rules, second);
        } catch (RuntimeException | Error e) {
            LOG.errorf(e, "%d of %d spans or log records could not be held", end - p, end - arrivals.first(shard));
        } finally {
            lock.unlock();
        }
        return end - p;
    }

    private void explainLate(Arrivals arrivals, int i) {
        if (!arrivals.isLogs()) {
            long high = arrivals.get(i, Arrivals.ID_HIGH);
            long low = arrivals.get(i, Arrivals.ID_LOW);
            explanations.late(arrivals.get(i, Arrivals.HASH), high, low, 1);
        }
    }

    private void useLayout(Arrivals arrivals) {
        if (arrivals.generation() - records.generation() > 0) {
            records.useLayout(arrivals.generation(), arrivals.bitWords(), arrivals.counts());
        }
    }

    private static boolean isSameTrace(Arrivals arrivals, int a, int b) {
        return arrivals.get(a, Arrivals.ID_LOW) == arrivals.get(b, Arrivals.ID_LOW)
                && arrivals.get(a, Arrivals.ID_HIGH) == arrivals.get(b, Arrivals.ID_HIGH);
    }

    /**
     * The trace that the span or log record joins, or {@link #NOT_HELD}. A trace of which only log records are held is no
     * trace yet to a span: the records follow what becomes of its spans, and do not shorten their wait.
     */
    private int place(Arrivals arrivals, int i, long second, long headThreshold) {
        long hash = arrivals.get(i, Arrivals.HASH);
        int trace = held.table().find(hash, arrivals.get(i, Arrivals.ID_HIGH), arrivals.get(i, Arrivals.ID_LOW));
        if (trace != TraceRecords.NONE && (arrivals.isLogs() || records.spans(trace) > 0 || isDecided(trace))) {
            return trace;
        }
        long decision = remembered.find(hash);
        if (decision != Remembered.NONE) {
            if (!Remembered.isKept(decision)) {
                follows = Remembered.policy(decision);
                return NOT_HELD;
            }
            trace = addOrTakeUp(trace, arrivals, i, second);
            due.add(trace, second);
            records.addFlags(trace, TraceRecords.LATE | TraceRecords.DUE_NOW);
            return trace;
        }
        boolean isDiced = headThreshold != Threshold.ALWAYS && !arrivals.isLogs();
        if (isDiced && !passesHead(arrivals, i, headThreshold)) {
            remembered.put(hash, false, true, overload, headThreshold, (int) second);
            follows = overload;
            if (trace != TraceRecords.NONE) {
                due.moveEarlier(trace, second);
            }
            return NOT_HELD;
        }
        trace = addOrTakeUp(trace, arrivals, i, second);
        boolean isDueNow = (records.flags(trace) & TraceRecords.DUE_NOW) != 0;
        due.add(trace, isDueNow ? second : second + 1 + settings.waitSeconds()); // this second has begun
        if (isDiced) {
            records.raiseThreshold(trace, headThreshold);
            records.addFlags(trace, TraceRecords.HEAD);
        }
        return trace;
    }

    /** The trace, in no bucket of {@link #due}. */
    private int addOrTakeUp(int trace, Arrivals arrivals, int i, long second) {
        if (trace != TraceRecords.NONE) {
            due.remove(trace);
            return trace;
        }
        long high = arrivals.get(i, Arrivals.ID_HIGH);
        long low = arrivals.get(i, Arrivals.ID_LOW);
        return held.table().add(arrivals.get(i, Arrivals.HASH), high, low, (int) second, arrivals.reservation);
    }

    private boolean isDecided(int trace) {
        return (records.flags(trace) & TraceRecords.DECIDED) != 0;
    }

    private static boolean passesHead(Arrivals arrivals, int i, long threshold) {
        long randomness = (arrivals.flags(i) & SpanFlags.RANDOMNESS) != 0
                ? arrivals.get(i, Arrivals.RANDOMNESS)
                : Threshold.randomnessOf(arrivals.get(i, Arrivals.ID_LOW));
        return Threshold.keeps(randomness, threshold);
    }

    private void append(int trace, Arrivals arrivals, int i, byte[] request) {
        held.append(
                trace,
                request,
                arrivals.from(i),
                arrivals.to(i),
                arrivals.origin(i),
                arrivals.flags(i) & SpanFlags.KEPT,
                arrivals.reservation);
    }

    /** Takes in what the span says of its trace; one that is being taken out already only passes more on. */
    private void fold(int trace, Arrivals arrivals, int i, long second) {
        if (arrivals.isLogs()) {
            return;
        }
        if (isDecided(trace)) {
            explainLate(arrivals, i);
            return;
        }
        int flags = arrivals.flags(i);
        records.foldSpan(
                trace,
                arrivals.get(i, Arrivals.START),
                arrivals.get(i, Arrivals.END),
                (flags & SpanFlags.ERROR) != 0,
                (flags & SpanFlags.ROOT) != 0 ? TraceRecords.ROOT_SEEN : 0);
        if ((flags & (SpanFlags.RANDOMNESS | SpanFlags.THRESHOLD)) != 0) {
            foldState(trace, arrivals, i, flags);
        }
        if (records.generation(trace) == arrivals.generation() && records.generation() == arrivals.generation()) {
            for (int w = 0; w < arrivals.bitWords(); w++) {
                records.foldBits(trace, w, arrivals.bits(i, w));
            }
            for (int c = 0; c < arrivals.counts(); c++) {
                records.foldCount(trace, c, arrivals.count(i, c));
            }
        } else {
            records.outdate(trace); // the span was read by other rules than the trace's others
        }
        if ((flags & SpanFlags.ROOT) != 0 && due.moveEarlier(trace, second + 1 + settings.waitAfterRootSeconds())) {
            records.addFlags(trace, TraceRecords.ROOT_WAIT);
        }
    }

    /** Copies of one trace's state agree; should they not, the greatest counts, whatever their order. */
    private void foldState(int trace, Arrivals arrivals, int i, int flags) {
        if ((flags & SpanFlags.RANDOMNESS) != 0) {
            boolean seen = (records.flags(trace) & TraceRecords.RANDOMNESS_SEEN) != 0;
            long randomness = arrivals.get(i, Arrivals.RANDOMNESS);
            records.setRandomness(trace, seen ? Math.max(records.randomness(trace), randomness) : randomness);
        }
        if ((flags & SpanFlags.THRESHOLD) != 0) {
            records.raiseThreshold(trace, arrivals.get(i, Arrivals.THRESHOLD));
        }
    }

    /** After the last of the request's spans of a trace: it need not wait when its fate is certain, and may not when large. */
    private void conclude(int trace, Arrivals arrivals, Rules rules, long second) {
        if (trace == TraceRecords.NONE
                || trace == NOT_HELD
                || (records.flags(trace) & (TraceRecords.DUE_NOW | TraceRecords.DECIDED)) != 0) {
            return;
        }
        if (records.isLarge(trace, settings.maxTraceSpans(), settings.maxTraceBytes())
                || !arrivals.isLogs()
                        && records.generation(trace) == rules.generation()
                        && rules.isCertain(facts.reset(trace, rules))) {
            records.addFlags(trace, TraceRecords.DUE_NOW);
            due.moveEarlier(trace, second);
        }
    }

    /** Spans that are held, or decided and being read. */
    int spans() {
        lock.lock();
        try {
            return held.spans() + held.pinned();
        } finally {
            lock.unlock();
        }
    }

    /** Log records that are held, or decided and being read. */
    int logs() {
        lock.lock();
        try {
            return held.logs() + held.pinnedLogs();
        } finally {
            lock.unlock();
        }
    }

    /** Traces that are held. */
    int traces() {
        lock.lock();
        try {
            return held.traces();
        } finally {
            lock.unlock();
        }
    }

    /** Forgets everything, undecided, and holds nothing from then on. Returns how many spans that were. */
    int dropAll() {
        lock.lock();
        try {
            isClosed = true;
            int spans = held.spans();
            if (unfinished.trace != TraceRecords.NONE) {
                held.drop(unfinished.trace, Integer.MAX_VALUE);
                unfinished.trace = TraceRecords.NONE;
            }
            for (int trace = due.takeFirst(); trace != DueWheel.NONE; trace = due.takeFirst()) {
                held.drop(trace, Integer.MAX_VALUE);
            }
            return spans - held.spans();
        } finally {
            lock.unlock();
        }
    }
}
