package dev.weir.sample.tail;

import dev.weir.sample.policy.Rules;
import dev.weir.sample.ratio.Threshold;
import java.util.ArrayDeque;
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
    final LookAhead lookAhead;
    final HeldFacts facts;
    /** For the thread that decides. */
    final HeldFacts deciding;

    final Explanations explanations;

    /** What the decider is deciding, or has decided and not yet taken out. */
    final Decision current = new Decision();

    /** Traces so large that they are taken out slice by slice, beside what is due, in turn. */
    final ArrayDeque<Decision> slices = new ArrayDeque<>();

    private final TraceRecords records;
    private final TraceFold fold;
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
        fold = new TraceFold(records);
        due = new DueWheel(records, settings.waitSeconds() + 1, second);
        remembered = new Remembered(settings.rememberedBytes());
        lookAhead = new LookAhead(held, remembered, explanations, store.hash());
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
            lookAhead.toHold(arrivals, p, end);
            while (p < end) {
                int endOfTrace = arrivals.endOfTrace(p, end);
                int trace = place(arrivals, arrivals.at(p), second, headThreshold);
                if (trace == NOT_HELD) {
                    sampledOut.add(follows, endOfTrace - p);
                    explainLate(arrivals, p, endOfTrace);
                    p = endOfTrace;
                    continue;
                }
                while (p < endOfTrace) {
                    int from = p;
                    p = append(trace, arrivals, p, endOfTrace, request);
                    take(trace, arrivals, from, p, second);
                }
                conclude(trace, arrivals, rules, second);
            }
        } catch (RuntimeException | Error e) {
            LOG.errorf(e, "%d of %d spans or log records could not be held", end - p, end - arrivals.first(shard));
        } finally {
            lock.unlock();
        }
        return end - p;
    }

    private void explainLate(Arrivals arrivals, int from, int to) {
        if (!arrivals.isLogs()) {
            int i = arrivals.at(from);
            long high = arrivals.get(i, Arrivals.ID_HIGH);
            long low = arrivals.get(i, Arrivals.ID_LOW);
            explanations.late(arrivals.get(i, Arrivals.HASH), high, low, to - from);
        }
    }

    private void useLayout(Arrivals arrivals) {
        if (arrivals.generation() - records.words().generation() > 0) {
            records.words().use(arrivals.generation(), arrivals.bitWords(), arrivals.counts());
        }
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

    /** Holds a run of the items, and returns where the next one begins. */
    private int append(int trace, Arrivals arrivals, int from, int to, byte[] request) {
        int end = arrivals.endOfOrigin(from, to);
        int i = arrivals.at(from);
        held.begin(trace, arrivals.origin(i), arrivals.isLogs(), arrivals.length(i), arrivals.reservation);
        int p = from;
        do {
            held.put(request, arrivals.from(i), arrivals.to(i), arrivals.flags(i));
            p++;
            i = p < end ? arrivals.at(p) : i;
        } while (p < end && held.hasRoom(arrivals.length(i)));
        held.end();
        return p;
    }

    /** Takes in what the spans say of their trace; one that is being taken out already only passes them on. */
    private void take(int trace, Arrivals arrivals, int from, int to, long second) {
        if (arrivals.isLogs()) {
            return;
        }
        if (isDecided(trace)) {
            explainLate(arrivals, from, to);
            return;
        }
        boolean hasRoot = (fold.fold(trace, arrivals, from, to) & SpanFlags.ROOT) != 0;
        if (hasRoot && due.moveEarlier(trace, second + 1 + settings.waitAfterRootSeconds())) {
            records.addFlags(trace, TraceRecords.ROOT_WAIT);
        }
    }

    /** After the last of the request's spans of a trace: it need not wait when its fate is certain, and may not when large. */
    private void conclude(int trace, Arrivals arrivals, Rules rules, long second) {
        if ((records.flags(trace) & (TraceRecords.DUE_NOW | TraceRecords.DECIDED)) != 0) {
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
            slices.add(current);
            for (Decision d : slices) {
                if (d.trace != TraceRecords.NONE) {
                    held.drop(d.trace, Integer.MAX_VALUE);
                    d.trace = TraceRecords.NONE;
                }
            }
            slices.clear();
            for (int trace = due.takeFirst(); trace != DueWheel.NONE; trace = due.takeFirst()) {
                held.drop(trace, Integer.MAX_VALUE);
            }
            return spans - held.spans();
        } finally {
            lock.unlock();
        }
    }
}
