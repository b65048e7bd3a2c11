package dev.weir.sample.policy;

import dev.weir.sample.ratio.Threshold;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * {@code ratio: 0.10}: a tenth of the traces, by their randomness, so that every sampler that keeps a tenth keeps the same.
 *
 * @param threshold T, rounded to the four digits in which decisions are remembered
 */
record RatioPolicy(long threshold) implements Policy {

    static @Nullable Policy read(YamlNode node, PolicyReading in) {
        Optional<BigDecimal> ratio =
                in.number(node).filter(number -> number.signum() > 0 && number.compareTo(BigDecimal.ONE) <= 0);
        if (ratio.isEmpty()) {
            in.fault(node, "ratio must be a number over 0 and at most 1, was " + node.described());
            return null;
        }
        return new RatioPolicy(threshold(ratio.get()));
    }

    /** @param share over 0, at most 1 */
    static long threshold(BigDecimal share) {
        double probability = Math.max(Double.MIN_NORMAL, share.doubleValue());
        return Threshold.roundTo4Digits(Threshold.ofRatio(probability));
    }

    @Override
    public TraceCondition condition() {
        return new TraceCondition.Always();
    }

    @Override
    public SpanCondition spanCondition() {
        return new SpanCondition.And();
    }

    @Override
    public Outcome outcome(Function<Policy, TraceCondition> conditions) {
        return new Outcome.Fixed(threshold);
    }

    @Override
    public boolean isProbabilistic() {
        return threshold != Threshold.ALWAYS;
    }
}
