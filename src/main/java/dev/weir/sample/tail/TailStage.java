package dev.weir.sample.tail;

import dev.weir.pipeline.Deadline;
import dev.weir.pipeline.Ledger;
import dev.weir.pipeline.MemoryBudget;
import dev.weir.pipeline.Payload;
import dev.weir.pipeline.Refusal;
import dev.weir.pipeline.Signal;
import dev.weir.pipeline.Stage;
import dev.weir.sample.policy.Rules;
import io.netty.util.concurrent.FastThreadLocal;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Holds the spans of each trace until it is decided, and passes on those of kept traces. Event loops read and hold, a
 * {@link DecisionLoop} decides. Other signals pass, but for log records that are to follow their trace: they are held with
 * its spans, and policies do not see them.
 *
 * <p>A request is acknowledged when all its items are held, or follow a decision that was made before, or were passed on. It is held whole or
 * refused whole.
 */
public final class TailStage implements Stage, AutoCloseable {

    private static final Logger LOG = Logger.getLogger(TailStage.class);
    /** Traces that came when memory was short, and lost the dice at the door. */
    static final String OVERLOAD = "overload";

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final HeldStore store;
    private final Shard[] shards;
    private final TraceLookup lookup;
    private final DecisionLoop loop;
    private final Stage next;
    private final Ledger ledger;
    private final FastThreadLocal<Arrivals> arrivals;
    private final FastThreadLocal<SampledOut> sampledOut;
    private final FastThreadLocal<Untraced> untraced;
    private final boolean logsFollow;

    /**
     * @param logsFollow whether log records with a trace id share the fate of their trace
     * @param bufferBytes that may be held, off the heap
     * @param held where they are charged
     * @param next where what is kept goes, and everything that passes
     */
    public static TailStage of(
            TailConfig config,
            boolean logsFollow,
            long bufferBytes,
            long rememberBytes,
            long explainBytes,
            Supplier<Rules> rules,
            MemoryBudget held,
            Ledger ledger,
            Stage next) {
        int shards = Integer.highestOneBit(8 * Runtime.getRuntime().availableProcessors() - 1);
        TailSettings settings = new TailSettings(
                seconds(config.decisionWait()),
                seconds(config.decisionWaitAfterRoot()),
                config.maxTraceSize().bytes(),
                config.maxTraceSpans(),
                config.policyAttribute(),
                rememberBytes / shards,
                explainBytes / shards,
                config.compressAfter().map(TailStage::seconds).orElse(0),
                logsFollow);
        return new TailStage(settings, bufferBytes, shards, rules, held, ledger, next);
    }

    TailStage(
            TailSettings settings,
            long bufferBytes,
            int shardCount,
            Supplier<Rules> rules,
            MemoryBudget held,
            Ledger ledger,
            Stage next) {
        this(settings, bufferBytes, shardCount, rules, held, ledger, next, System::nanoTime);
        loop.start();
    }

    /** Decides nothing until its {@link #loop} is started, or made to go round. */
    TailStage(
            TailSettings settings,
            long bufferBytes,
            int shardCount,
            Supplier<Rules> rules,
            MemoryBudget held,
            Ledger ledger,
            Stage next,
            LongSupplier nanoTime) {
        this.next = next;
        this.ledger = ledger;
        logsFollow = settings.logsFollow();
        PolicyNames names = new PolicyNames();
        store = HeldStore.of(held, bufferBytes, shardCount, settings.compressAfterSeconds() > 0);
        Seconds seconds = new Seconds(nanoTime);
        shards = new Shard[shardCount];
        for (int i = 0; i < shardCount; i++) {
            shards[i] = new Shard(
                    store,
                    settings,
                    new Explanations(settings.explanationBytes(), names),
                    names.number(OVERLOAD),
                    seconds.now());
        }
        lookup = new TraceLookup(store, shards, names);
        loop = new DecisionLoop(store, shards, settings, names, seconds, rules, ledger, next, nanoTime);
        arrivals = perThread(() -> new Arrivals(store));
        sampledOut = perThread(() -> new SampledOut(names));
        untraced = perThread(() -> new Untraced(held, next));
        ledger.heldBy(Signal.TRACES, this::heldSpans);
        ledger.heldBy(Signal.LOGS, this::heldLogs);
    }

    private static <T> FastThreadLocal<T> perThread(Supplier<T> first) {
        return new FastThreadLocal<>() {
            @Override
            protected T initialValue() {
                return first.get();
            }
        };
    }

    /** Rounded up: nothing is decided before its time. */
    private static int seconds(Duration duration) {
        return Math.toIntExact(duration.plusNanos(999_999_999).toSeconds());
    }

    @Override
    public void accept(Payload payload) {
        boolean isHeld = payload.signal() == Signal.TRACES || payload.signal() == Signal.LOGS && logsFollow;
        if (!isHeld || payload.items() == 0) {
            next.accept(payload);
            return;
        }
        Arrivals a = arrivals.get();
        Refusal refusal;
        try {
            refusal = hold(a, payload);
        } catch (RuntimeException | Error e) {
            LOG.errorf(
                    e,
                    "a request of %d %s passed the scan and cannot be held",
                    payload.items(),
                    payload.signal().items());
            refusal = Refusal.permanent(Refusal.Reason.INVALID, "the request cannot be held");
        } finally {
            a.origins().release();
            a.reservation.close();
        }
        if (refusal == null) {
            payload.ack().accept();
        } else {
            payload.ack().refuse(refusal);
        }
    }

    private @Nullable Refusal hold(Arrivals a, Payload payload) {
        if (loop.isClosed()) {
            return Refusal.retryable(Refusal.Reason.DRAINING, "shutting down", RETRY_AFTER);
        }
        Rules rules = loop.rules();
        boolean isRead = payload.signal() == Signal.LOGS
                ? a.readLogs(payload.bytes(), payload.items(), rules)
                : !loop.isRefusing() && a.read(payload.bytes(), payload.items(), rules);
        if (!isRead || a.size() > 0 && (loop.isRefusing() || !a.reservation.tryTake())) {
            return noRoom(a);
        }
        if (a.size() < payload.items()) { // before anything is held, so that the request can still be refused whole
            Refusal refusal = untraced.get().pass(payload);
            if (refusal != null) {
                return refusal;
            }
        }
        long second = loop.second();
        SampledOut out = sampledOut.get();
        int lost = 0;
        for (int i = 0; i < shards.length; i++) {
            if (a.first(i + 1) > a.first(i)) {
                lost += shards[i].hold(i, a, payload.bytes(), rules, second, loop.headThreshold(), out);
            }
        }
        out.tell(ledger, payload.signal());
        if (lost > 0) { // part of the request is held: it cannot be refused any more
            ledger.dropped(payload.signal(), loop.isClosed() ? "shutdown" : Outbox.FAULT, lost);
        }
        return null;
    }

    /** One that never fits must not come again: it would push out what is held each time, for nothing. */
    private Refusal noRoom(Arrivals a) {
        long needed = a.reservation.needed();
        long most = store.mostForOneRequest();
        if (a.origins().areTooMany() || needed > most) {
            String what = needed > most
                    ? "to hold the request takes " + needed + " bytes, " + most + " are possible"
                    : "the request's resources and scopes take more than a tenth of the buffer";
            String advice = "; send smaller batches, or raise weir.sample.tail.buffer-size";
            return Refusal.permanent(Refusal.Reason.TOO_LARGE, what + advice);
        }
        loop.hurry();
        return Refusal.retryable(Refusal.Reason.MEMORY, "the memory for held traces is used up", RETRY_AFTER);
    }

    /** Decides all that is held, and passes on what is kept. */
    @Override
    public void drain(Deadline deadline) {
        loop.drain(deadline);
    }

    /** Refuses what still comes, and drops what a drain could not pass on, counted. */
    @Override
    public void close() {
        loop.close();
        arrivals.remove(); // else the thread that closes keeps the stage in memory; the others end with it
        sampledOut.remove();
        untraced.remove();
    }

    /** What was decided about a trace, in full; null when it is not decided yet, or was forgotten. */
    public @Nullable Explanation explain(long traceIdHigh, long traceIdLow) {
        return lookup.explain(traceIdHigh, traceIdLow);
    }

    /** The outline of a decision, also where {@link #explain} knows nothing; null when that was forgotten too. */
    public @Nullable Recalled recall(long traceIdHigh, long traceIdLow) {
        return lookup.recall(traceIdHigh, traceIdLow, loop.second());
    }

    /** Whether a trace is held and not decided yet. */
    public boolean isHeld(long traceIdHigh, long traceIdLow) {
        return lookup.isHeld(traceIdHigh, traceIdLow);
    }

    /** Where the trace is held, if it is. */
    Shard shardOf(long traceIdHigh, long traceIdLow) {
        return lookup.shardOf(traceIdHigh, traceIdLow);
    }

    /** Bytes that holding takes now, of {@link #bufferBytes}. */
    public long heldBytes() {
        return store.memory().used();
    }

    public long bufferBytes() {
        return store.memory().limit();
    }

    /** Traces that wait for their decision. */
    public long heldTraces() {
        long traces = 0;
        for (Shard shard : shards) {
            traces += shard.traces();
        }
        return traces;
    }

    /** Traces decided so far for this reason. */
    public long decisions(Reason reason) {
        return loop.decider().decisions(reason);
    }

    /** What decides. */
    DecisionLoop loop() {
        return loop;
    }

    /** Steps of the overload ladder: 0 none, 1 decided earlier, 2 sampled at the head, 3 refused. */
    public int overload() {
        return loop.overload();
    }

    /** Log records that are held, or kept and not yet taken by the next stage. */
    long heldLogs() {
        long logs = loop.outboxLogs();
        for (Shard shard : shards) {
            logs += shard.logs();
        }
        return logs;
    }

    /** Spans that are held, or kept and not yet taken by the next stage. */
    long heldSpans() {
        long spans = loop.outboxSpans();
        for (Shard shard : shards) {
            spans += shard.spans();
        }
        return spans;
    }
}
