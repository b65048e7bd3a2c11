package dev.weir.receive;

import dev.weir.pipeline.MemoryBudget;
import dev.weir.pipeline.MemoryBudget.Use;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * Decides who may put bytes into memory. Everybody may while less than {@link #SOFT_SHARE} of what receiving may use is
 * in use; above it, a sender that would hold more than its fair share (all of it, divided by the senders that hold
 * something) is refused, so that one greedy sender does not push the others out.
 */
final class Admission {

    static final double SOFT_SHARE = 0.8;
    static final Duration DEFAULT_RETRY = Duration.ofSeconds(1);
    private static final Duration SHORTEST_RETRY = Duration.ofMillis(100);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(30);
    private static final long SAMPLE_NANOS = 1_000_000_000;

    private final MemoryBudget budget;
    private final LongSupplier nanoTime;
    private final AtomicInteger active = new AtomicInteger();
    private final ConcurrentHashMap<String, Account> principals = new ConcurrentHashMap<>();
    private final LongAdder drained = new LongAdder();
    private long sampledAt;
    private long sampledDrained;
    private double drainedPerNano;

    Admission(MemoryBudget budget, LongSupplier nanoTime) {
        this.budget = budget;
        this.nanoTime = nanoTime;
        this.sampledAt = nanoTime.getAsLong();
    }

    /** The account of a connection that nobody vouches for. */
    Account ofConnection() {
        return new Account();
    }

    /** The one account of all connections of a verified principal. Principals are bounded by the certificates we sign. */
    Account ofPrincipal(String principal) {
        return principals.computeIfAbsent(principal, p -> new Account());
    }

    /** When a refused sender may come back: the time that what is over the soft limit takes to drain. */
    synchronized Duration retryAfter(long bytes) {
        long now = nanoTime.getAsLong();
        if (now - sampledAt >= SAMPLE_NANOS) {
            long sum = drained.sum();
            drainedPerNano = (double) (sum - sampledDrained) / (now - sampledAt);
            sampledAt = now;
            sampledDrained = sum;
        }
        if (drainedPerNano <= 0) {
            return DEFAULT_RETRY;
        }
        long used = budget.used(Use.RECEIVE);
        long over = Math.max(0, used + bytes - (long) (SOFT_SHARE * (used + budget.available(Use.RECEIVE))));
        long nanos = (long) Math.min(LONGEST_RETRY.toNanos(), over / drainedPerNano);
        return Duration.ofNanos(Math.max(SHORTEST_RETRY.toNanos(), nanos));
    }

    /** Senders that hold memory now. */
    int activeSenders() {
        return active.get();
    }

    /** What one sender holds. Any thread. */
    final class Account {

        private final AtomicLong held = new AtomicLong();

        private Account() {}

        boolean tryTake(long bytes) {
            if (!budget.tryReserve(Use.RECEIVE, bytes)) {
                return false;
            }
            long mine = held.getAndAdd(bytes);
            if (mine == 0) {
                active.incrementAndGet();
            }
            if (isUnfair(mine + bytes)) {
                giveBack(bytes);
                return false;
            }
            return true;
        }

        void release(long bytes) {
            giveBack(bytes);
            drained.add(bytes);
        }

        long held() {
            return held.get();
        }

        private boolean isUnfair(long mine) {
            long used = budget.used(Use.RECEIVE);
            long most = used + budget.available(Use.RECEIVE);
            return used > SOFT_SHARE * most && mine > most / Math.max(1, active.get());
        }

        private void giveBack(long bytes) {
            if (held.addAndGet(-bytes) == 0) {
                active.decrementAndGet();
            }
            budget.release(Use.RECEIVE, bytes);
        }
    }
}
