package dev.weir.sample.tail;

import dev.weir.pipeline.Deadline;
import dev.weir.pipeline.Ledger;
import dev.weir.pipeline.Signal;
import dev.weir.pipeline.Stage;
import dev.weir.sample.policy.Rules;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that decides: goes round the shards ten times a second, and at once when memory is short. Knows the rules
 * and how far the overload has gone.
 */
final class DecisionLoop {

    private static final Logger LOG = Logger.getLogger(DecisionLoop.class);
    private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int REQUEST_BYTES = 512 << 10;

    private final HeldStore store;
    private final Shard[] shards;
    private final Seconds seconds;
    private final Ledger ledger;
    private final Outbox outbox;
    private final Outbox logs;
    private final Decider decider;
    private final Overload overload;
    private final Housekeeping housekeeping;
    private final Thread thread =
            Thread.ofPlatform().daemon().name("weir-decide").unstarted(this::run);
    private volatile CountDownLatch drained = new CountDownLatch(1);
    private final Supplier<Rules> rules;
    private final LongSupplier nanoTime;
    private volatile int step;
    private volatile boolean refusing;
    private volatile long headThreshold;
    private volatile boolean hurry;
    private volatile boolean draining;
    private volatile boolean closed;

    DecisionLoop(
            HeldStore store,
            Shard[] shards,
            TailSettings settings,
            PolicyNames names,
            Seconds seconds,
            Supplier<Rules> rules,
            Ledger ledger,
            Stage next,
            LongSupplier nanoTime) {
        this.store = store;
        this.shards = shards;
        this.seconds = seconds;
        this.ledger = ledger;
        this.rules = rules;
        this.nanoTime = nanoTime;
        housekeeping = new Housekeeping(store, settings.compressAfterSeconds());
        overload = new Overload(settings.waitSeconds());
        outbox = new Outbox(next, ledger, Signal.TRACES, nanoTime, this::observe);
        logs = new Outbox(next, ledger, Signal.LOGS, nanoTime, this::observe);
        decider = new Decider(
                store,
                settings,
                names,
                new Outlet(Signal.TRACES, outbox, names, ledger, REQUEST_BYTES),
                new Outlet(Signal.LOGS, logs, names, ledger, REQUEST_BYTES),
                nanoTime);
    }

    void start() {
        thread.start();
    }

    Rules rules() {
        return rules.get();
    }

    /** Whether there is no room for more. */
    boolean isRefusing() {
        return refusing;
    }

    /** T for traces that are not known yet. */
    long headThreshold() {
        return headThreshold;
    }

    /** 0 to 3, see {@link Overload}. */
    int overload() {
        return step;
    }

    long second() {
        return seconds.now();
    }

    boolean isClosed() {
        return closed;
    }

    /** Spans on their way to the next stage. */
    long outboxSpans() {
        return outbox.items();
    }

    /** Log records on their way to the next stage. */
    long outboxLogs() {
        return logs.items();
    }

    Decider decider() {
        return decider;
    }

    /** A request found no memory: the oldest traces are decided now. */
    void hurry() {
        hurry = true;
        LockSupport.unpark(thread);
    }

    /** Decides all that is held, and from then on whatever comes, at once. Returns when nothing is held any more, or the deadline has passed. */
    void drain(Deadline deadline) {
        CountDownLatch empty = new CountDownLatch(1);
        drained = empty;
        draining = true;
        LockSupport.unpark(thread);
        try {
            if (!empty.await(deadline.left().toNanos(), TimeUnit.NANOSECONDS)) {
                LOG.warn("the time to stop was too short to decide all traces that are held");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void close() {
        closed = true;
        outbox.giveUp();
        logs.giveUp();
        LockSupport.unpark(thread);
        try {
            thread.join(TimeUnit.SECONDS.toMillis(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        long left = 0;
        long leftLogs = 0;
        for (Shard shard : shards) {
            leftLogs += shard.logs();
            left += shard.dropAll();
            leftLogs -= shard.logs();
        }
        if (left > 0) {
            ledger.dropped(Signal.TRACES, "shutdown", left);
        }
        if (leftLogs > 0) {
            ledger.dropped(Signal.LOGS, "shutdown", leftLogs);
        }
    }

    private void run() {
        while (!closed) {
            long start = System.nanoTime();
            boolean more = false;
            try {
                more = round();
            } catch (RuntimeException | Error e) { // whatever it is: without this thread nothing is decided any more
                LOG.error("traces could not be decided", e);
            }
            if (draining && !more && isEmpty()) {
                drained.countDown();
            }
            long left = PERIOD_NANOS - (System.nanoTime() - start);
            if (!more && left > 0 && !hurry) {
                LockSupport.parkNanos(this, left);
            }
        }
    }

    /** Once round the shards; whether there is more to decide. */
    boolean round() {
        observe();
        Reason why = draining ? Reason.SHUTDOWN : hurry ? Reason.MEMORY : null;
        hurry = false;
        Rules now = rules.get();
        long second = seconds.now();
        housekeeping.advance(second);
        boolean more = false;
        try {
            for (Shard shard : shards) {
                more |= round(shard, now, second, why);
            }
        } finally {
            decider.flush();
        }
        return more;
    }

    /** What fails in one shard must not keep the others from being decided. */
    private boolean round(Shard shard, Rules now, long second, @Nullable Reason why) {
        try {
            boolean more = decider.round(shard, now, second, overload.secondsEarlier(), why);
            housekeeping.tidy(shard);
            return more;
        } catch (RuntimeException | Error e) {
            LOG.error("traces could not be decided", e);
            return false;
        }
    }

    /** Sees how full things are; also while the next stage has no room and nothing is decided. */
    private void observe() {
        step = overload.update(
                (double) store.memory().used() / store.memory().limit(),
                Math.max(outbox.fullness(), logs.fullness()),
                nanoTime.getAsLong());
        refusing = overload.isRefusing();
        headThreshold = overload.headThreshold();
    }

    private boolean isEmpty() {
        long items = outbox.items() + logs.items();
        for (Shard shard : shards) {
            items += shard.spans() + shard.logs();
        }
        return items == 0;
    }
}
