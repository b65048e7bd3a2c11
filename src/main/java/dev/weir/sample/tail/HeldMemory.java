package dev.weir.sample.tail;

import dev.weir.pipeline.MemoryBudget;
import java.util.concurrent.atomic.AtomicLong;

/** The buffer's size in bytes, and what is taken of it: everything that is held is charged here, and so to the budget. */
final class HeldMemory {

    private final MemoryBudget budget;
    private final long limit;
    private final AtomicLong used = new AtomicLong();
    private final AtomicLong standing = new AtomicLong();

    /** @param limit bytes that may be held, positive; the budget may grant less */
    HeldMemory(MemoryBudget budget, long limit) {
        this.budget = budget;
        this.limit = limit;
    }

    /** Takes bytes, or returns false and takes nothing. */
    boolean tryCharge(long bytes) {
        if (used.addAndGet(bytes) <= limit && budget.tryReserve(MemoryBudget.Use.HELD, bytes)) {
            return true;
        }
        used.addAndGet(-bytes);
        return false;
    }

    void uncharge(long bytes) {
        used.addAndGet(-bytes);
        budget.release(MemoryBudget.Use.HELD, bytes);
    }

    /** Of what is charged, so much stays so when nothing is held. */
    void keepsStanding(long bytes) {
        standing.addAndGet(bytes);
    }

    long standing() {
        return standing.get();
    }

    long used() {
        return used.get();
    }

    /** Whether so much is left that some of it may lie idle. */
    boolean isPlenty() {
        return used.get() < limit / 2;
    }

    long limit() {
        return limit;
    }
}
