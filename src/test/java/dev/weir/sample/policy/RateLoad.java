package dev.weir.sample.policy;

import dev.weir.sample.ratio.Threshold;
import java.util.Random;

/** Traces of one to nineteen spans, decided by a source as rules do it, and what became of them. */
final class RateLoad {

    static final long SECOND = 1_000_000_000L;

    private final ThresholdSource source;
    private final Random random;
    private final DecidedTrace trace = new DecidedTrace();
    long nowNanos = 77 * SECOND;

    /** Traces decided while the probability was known, and what the kept ones say there were. */
    long truth;

    double estimate;
    double variance;

    long spans;
    long keptSpans;
    long keptBytes;
    long refused;
    long unknown;

    RateLoad(ThresholdSource source, long seed) {
        this.source = source;
        this.random = new Random(seed);
    }

    void startCounting() {
        spans = keptSpans = keptBytes = refused = unknown = 0;
    }

    /** So many traces a second for so many seconds, at random times. */
    RateLoad run(double tracesPerSecond, double seconds) {
        long end = nowNanos + (long) (seconds * SECOND);
        while (true) {
            long next = nowNanos + (long) (-Math.log(1 - random.nextDouble()) / tracesPerSecond * SECOND);
            if (next >= end) {
                nowNanos = end;
                return this;
            }
            nowNanos = next;
            decide();
        }
    }

    private void decide() {
        trace.spans = 1 + random.nextInt(19);
        trace.randomness = random.nextLong() & Threshold.NEVER - 1;
        spans += trace.spans;
        long threshold = source.threshold(trace, nowNanos);
        boolean enough = Threshold.keeps(trace.randomness, threshold);
        boolean kept = enough && source.admits(trace, nowNanos);
        if (kept) {
            keptSpans += trace.spans;
            keptBytes += trace.bytes();
        } else if (enough) {
            refused++;
        }
        if (!source.isProbabilityKnown(nowNanos)) {
            unknown++;
            return;
        }
        double probability = Threshold.probability(threshold);
        truth++;
        estimate += kept ? 1 / probability : 0;
        variance += (1 - probability) / probability;
    }
}
