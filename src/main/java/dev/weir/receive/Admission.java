package dev.weir.receive;

import dev.weir.pipeline.MemoryBudget;
import dev.weir.pipeline.MemoryBudget.Use;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

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
    private final ConcurrentHashMap<String, Long> heldByPrincipal = new ConcurrentHashMap<>();
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
        return new Account(null);
    }

    /** One of the accounts of a verified principal, which all share what they hold. Nothing is kept of who holds nothing. */
    Account ofPrincipal(String principal) {
        return new Account(principal);
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

    /** Verified principals that hold memory now: all that is remembered of any. */
    int activePrincipals() {
        return heldByPrincipal.size();
    }

    /** What one sender holds. Any thread. */
    final class Account {

        private final @Nullable String principal;
        /** Of a connection without a principal. */
        private final AtomicLong ownHeld = new AtomicLong();

        private Account(@Nullable String principal) {
            this.principal = principal;
        }

        boolean tryTake(long bytes) {
            if (!budget.tryReserve(Use.RECEIVE, bytes)) {
                return false;
            }
            long mine = add(bytes);
            if (mine == bytes) {
                active.incrementAndGet();
            }
            if (isUnfair(mine)) {
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
            return principal == null ? ownHeld.get() : heldByPrincipal.getOrDefault(principal, 0L);
        }

        /** Returns what is held then. */
        private long add(long bytes) {
            if (principal == null) {
                return ownHeld.addAndGet(bytes);
            }
            Long now = heldByPrincipal.compute(principal, (name, before) -> {
                long sum = (before == null ? 0 : before) + bytes;
                return sum == 0 ? null : sum;
            });
            return now == null ? 0 : now;
        }

        private boolean isUnfair(long mine) {
            long used = budget.used(Use.RECEIVE);
            long most = used + budget.available(Use.RECEIVE);
            return used > SOFT_SHARE * most && mine > most / Math.max(1, active.get());
        }

        private void giveBack(long bytes) {
            if (add(-bytes) == 0) {
                active.decrementAndGet();
            }
            budget.release(Use.RECEIVE, bytes);
        }
    }
}
