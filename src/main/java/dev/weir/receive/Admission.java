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
 * Decides who may put bytes into memory, so that one greedy sender does not push the others out.
 *
 * <p>What is above {@link #SOFT_SHARE} of what receiving may use is only for senders that hold little, and the less the
 * less is left: many that hold little cannot use it up either. Below it, a sender may take what it finds until somebody
 * with less than a fair share has been refused; for a while from then on, and above half of the memory, it gets its fair
 * share only: all of it, divided by the senders that hold something and one more.
 */
final class Admission {

    static final double SOFT_SHARE = 0.8;
    /** What a sender may hold, in bytes, and still take from the part above the soft share. */
    static final long LITTLE = 256 << 10;
    /** Of what is left above the soft share, the part that one sender may hold. */
    private static final int PART_OF_REST = 8;
    /** How long senders are kept to their fair share after one was refused its own. Longer than they are told to wait. */
    static final Duration CONTENTION = Duration.ofSeconds(60);

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
    /** When a sender was last refused less than its fair share. */
    private volatile long contendedAt;

    Admission(MemoryBudget budget, LongSupplier nanoTime) {
        this.budget = budget;
        this.nanoTime = nanoTime;
        this.sampledAt = nanoTime.getAsLong();
        this.contendedAt = sampledAt - CONTENTION.toNanos();
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

    /** The most that one sender may ever hold, in bytes, even when nobody else holds anything. */
    long mostOfOne() {
        long most = budget.limit() - budget.floor(Use.QUEUES) - budget.floor(Use.HELD);
        return (long) (SOFT_SHARE * most);
    }

    /** Senders that hold memory now. */
    int activeSenders() {
        return active.get();
    }

    /** Verified principals that hold memory now: all that is remembered of any. */
    int activePrincipals() {
        return heldByPrincipal.size();
    }

    /** Leaves one share for who comes next. */
    private long fairShare(long most) {
        return most / (active.get() + 1);
    }

    private boolean isContended() {
        return nanoTime.getAsLong() - contendedAt < CONTENTION.toNanos();
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
                refused(held() + bytes);
                return false;
            }
            long mine = add(bytes);
            if (mine == bytes) {
                active.incrementAndGet();
            }
            if (isUnfair(mine)) {
                refused(mine);
                giveBack(bytes);
                return false;
            }
            return true;
        }

        /** The most that it could ever hold. */
        long most() {
            return mostOfOne();
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
            if (used > SOFT_SHARE * most) {
                return mine > Math.min(Math.min(LITTLE, fairShare(most)), (most - used) / PART_OF_REST);
            }
            return used > most / 2 && mine > fairShare(most) && isContended();
        }

        /** @param wanted what it would have held */
        private void refused(long wanted) {
            if (wanted <= fairShare(budget.used(Use.RECEIVE) + budget.available(Use.RECEIVE))) {
                contendedAt = nanoTime.getAsLong();
            }
        }

        private void giveBack(long bytes) {
            if (add(-bytes) == 0) {
                active.decrementAndGet();
            }
            budget.release(Use.RECEIVE, bytes);
        }
    }
}
