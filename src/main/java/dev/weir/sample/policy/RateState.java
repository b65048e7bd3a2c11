package dev.weir.sample.policy;

import dev.weir.sample.ratio.Threshold;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Chooses T so that what is kept meets a rate. The load of each interval of a second goes into a moving average; T for the
 * next one is the target over that average, a little more while the token bucket is full and a little less while it is
 * empty, so that it stays about half full. The bucket is the ceiling: when it refuses something, T rises at once, and until
 * the interval ends the probability counts as unknown. Within an interval T never falls. Used by many threads at once.
 */
final class RateState {

    static final long INTERVAL_NANOS = 1_000_000_000L;

    /** Weight of the last interval in the average. */
    private static final double WEIGHT = 0.5;

    /** From three quarters of the target when the bucket is empty to five quarters when it is full. */
    private static final double AIM_EMPTY = 0.75;

    private static final double AIM_SPREAD = 0.5;

    /** Load is not guessed from less than this, and T does not rise more often. */
    private static final long RAISE_NANOS = INTERVAL_NANOS / 16;

    private final RateLimits limits;
    private final @Nullable TokenBucket spanTokens;
    private final @Nullable TokenBucket byteTokens;

    /** Of the running interval. */
    private final AtomicLong spans = new AtomicLong();

    private final AtomicLong bytes = new AtomicLong();
    private volatile long intervalStart;
    private volatile long threshold;
    private volatile boolean ceilingActed;
    private volatile long raisedAt;

    /** Of intervals past, a second; guarded by this. */
    private double averageSpans;

    private double averageBytes;
    private boolean hasAverage;

    RateState(RateLimits limits, long nowNanos) {
        this.limits = limits;
        spanTokens = bucket(limits.spansPerSecond(), nowNanos);
        byteTokens = bucket(limits.bytesPerSecond(), nowNanos);
        restart(nowNanos);
    }

    private @Nullable TokenBucket bucket(double tokensPerSecond, long nowNanos) {
        return Double.isInfinite(tokensPerSecond)
                ? null
                : new TokenBucket(tokensPerSecond, limits.burstNanos(), nowNanos);
    }

    /** Forgets everything: what is unknown is kept until its load is known. */
    synchronized void restart(long nowNanos) {
        if (spanTokens != null) {
            spanTokens.refill(nowNanos);
        }
        if (byteTokens != null) {
            byteTokens.refill(nowNanos);
        }
        spans.set(0);
        bytes.set(0);
        intervalStart = nowNanos;
        threshold = Threshold.ALWAYS;
        ceilingActed = false;
        hasAverage = false;
        averageSpans = 0;
        averageBytes = 0;
    }

    /** Adds a trace to the load. T does not depend on the trace. */
    long threshold(TraceFacts facts, long nowNanos) {
        if (nowNanos - intervalStart >= INTERVAL_NANOS) {
            endInterval(nowNanos);
        }
        spans.addAndGet(facts.spans());
        bytes.addAndGet(facts.bytes());
        return threshold;
    }

    boolean admits(TraceFacts facts, long nowNanos) {
        if (spanTokens != null && !spanTokens.hasTokens(nowNanos)
                || byteTokens != null && !byteTokens.hasTokens(nowNanos)) {
            if (!ceilingActed || nowNanos - raisedAt >= RAISE_NANOS) {
                raise(nowNanos);
            }
            return false;
        }
        if (spanTokens != null) {
            spanTokens.take(facts.spans(), nowNanos);
        }
        if (byteTokens != null) {
            byteTokens.take(facts.bytes(), nowNanos);
        }
        return true;
    }

    boolean isProbabilityKnown() {
        return !ceilingActed;
    }

    /** Nothing was decided for that long. */
    boolean isIdle(long nowNanos, long nanos) {
        return nowNanos - intervalStart >= nanos;
    }

    private synchronized void endInterval(long nowNanos) {
        long elapsed = nowNanos - intervalStart;
        if (elapsed < INTERVAL_NANOS) {
            return; // another thread has ended it
        }
        long intervals = elapsed / INTERVAL_NANOS;
        double perSecond = 1e9 / INTERVAL_NANOS;
        average(spans.getAndSet(0) * perSecond, bytes.getAndSet(0) * perSecond, intervals - 1);
        intervalStart += intervals * INTERVAL_NANOS;
        ceilingActed = false;
        threshold = choose(averageSpans, averageBytes, nowNanos);
    }

    /** @param idle how many intervals passed since without anything */
    private void average(double loadSpans, double loadBytes, long idle) {
        // a load that reached the ceiling has grown: half of it would reach the ceiling again
        double weight = hasAverage && !(ceilingActed && loadSpans > averageSpans) ? WEIGHT : 1;
        double decay = Math.pow(1 - WEIGHT, idle);
        averageSpans = (averageSpans + weight * (loadSpans - averageSpans)) * decay;
        averageBytes = (averageBytes + weight * (loadBytes - averageBytes)) * decay;
        hasAverage = true;
    }

    /** The load is more than was thought: T rises to what it would be at the load since the interval began. */
    private synchronized void raise(long nowNanos) {
        ceilingActed = true;
        raisedAt = nowNanos;
        double seconds = Math.max(RAISE_NANOS, nowNanos - intervalStart) / 1e9;
        double loadSpans = Math.max(averageSpans, spans.get() / seconds);
        double loadBytes = Math.max(averageBytes, bytes.get() / seconds);
        threshold = Math.max(threshold, choose(loadSpans, loadBytes, nowNanos));
    }

    private long choose(double loadSpans, double loadBytes, long nowNanos) {
        double probability = Math.min(
                probability(limits.spansPerSecond(), spanTokens, loadSpans, nowNanos),
                probability(limits.bytesPerSecond(), byteTokens, loadBytes, nowNanos));
        return probability >= 1
                ? Threshold.ALWAYS
                : Threshold.roundTo4Digits(
                        Threshold.ofRatio(Math.max(probability, Threshold.LEAST_PROBABILITY), Threshold.MAX_DIGITS));
    }

    private static double probability(double target, @Nullable TokenBucket bucket, double load, long nowNanos) {
        return bucket == null || load <= 0 ? 1 : target * (AIM_EMPTY + AIM_SPREAD * bucket.level(nowNanos)) / load;
    }
}
