package dev.weir.sample.tail;

import dev.weir.sample.ratio.Threshold;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Answers what became of one trace. Any thread. */
final class TraceLookup {

    private final HeldStore store;
    private final Shard[] shards;
    private final PolicyNames names;

    TraceLookup(HeldStore store, Shard[] shards, PolicyNames names) {
        this.store = store;
        this.shards = shards;
        this.names = names;
    }

    /** See {@link TailStage#explain}. */
    @Nullable
    Explanation explain(long traceIdHigh, long traceIdLow) {
        long hash = store.hash().of(traceIdHigh, traceIdLow);
        Shard shard = shardOf(traceIdHigh, traceIdLow);
        shard.lock.lock();
        try {
            return shard.explanations.explain(hash, traceIdHigh, traceIdLow);
        } finally {
            shard.lock.unlock();
        }
    }

    /**
     * See {@link TailStage#recall}.
     *
     * @param now the present second of the clock by which decisions are remembered
     */
    @Nullable
    Recalled recall(long traceIdHigh, long traceIdLow, long now) {
        Shard shard = shardOf(traceIdHigh, traceIdLow);
        long decision;
        shard.lock.lock();
        try {
            decision = shard.remembered.find(store.hash().of(traceIdHigh, traceIdLow));
        } finally {
            shard.lock.unlock();
        }
        if (decision == Remembered.NONE) {
            return null;
        }
        boolean kept = Remembered.isKept(decision);
        long threshold = Remembered.threshold(decision);
        boolean isCertain = threshold == Threshold.ALWAYS; // "never" is remembered as that too
        String policy = names.name(Remembered.policy(decision));
        long age = Math.max(0, now - Remembered.second(decision));
        return new Recalled(
                kept,
                policy,
                isCertain && !kept ? Threshold.NEVER : threshold,
                Remembered.isProbabilityKnown(decision),
                policy.equals(TailStage.OVERLOAD),
                Instant.now().truncatedTo(ChronoUnit.SECONDS).minusSeconds(age));
    }

    /** See {@link TailStage#isHeld}. */
    boolean isHeld(long traceIdHigh, long traceIdLow) {
        long hash = store.hash().of(traceIdHigh, traceIdLow);
        Shard shard = shardOf(traceIdHigh, traceIdLow);
        shard.lock.lock();
        try {
            return shard.held.table().find(hash, traceIdHigh, traceIdLow) != TraceRecords.NONE;
        } finally {
            shard.lock.unlock();
        }
    }

    Shard shardOf(long traceIdHigh, long traceIdLow) {
        return shards[store.shardOf(store.hash().of(traceIdHigh, traceIdLow))];
    }
}
