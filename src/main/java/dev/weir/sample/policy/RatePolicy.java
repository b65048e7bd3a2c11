package dev.weir.sample.policy;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * {@code rate: { spans-per-second: 500, bytes-per-second: 1MiB, burst: 2s }}: as many of the traces as make up this rate,
 * by their randomness.
 */
record RatePolicy(RateLimits limits) implements Policy {

    private static final long LEAST_BURST_NANOS = 100_000_000L;
    private static final long MOST_BURST_NANOS = 600_000_000_000L;

    static @Nullable Policy read(YamlNode node, PolicyReading in) {
        Keys keys = in.keys(node, "rate", "spans-per-second", "bytes-per-second", "burst");
        return limits(keys, node, "rate").map(RatePolicy::new).orElse(null);
    }

    /** The keys {@code spans-per-second}, {@code bytes-per-second} and {@code burst}; empty when there are faults. */
    static Optional<RateLimits> limits(Keys keys, YamlNode node, String type) {
        Optional<Double> spans = spansPerSecond(keys, type);
        OptionalLong bytes = keys.size("bytes-per-second");
        if (bytes.isPresent() && bytes.getAsLong() == 0) {
            keys.fault(type + "'s bytes-per-second must be over 0");
            return Optional.empty();
        }
        if (node.kind == YamlNode.Kind.MAP && !keys.has("spans-per-second") && !keys.has("bytes-per-second")) {
            keys.fault(type + " needs spans-per-second or bytes-per-second or both");
        }
        OptionalLong burst = burst(keys, type);
        if (spans.isEmpty() && bytes.isEmpty() || burst.isEmpty()) {
            return Optional.empty();
        }
        double unlimited = Double.POSITIVE_INFINITY;
        return Optional.of(new RateLimits(
                spans.orElse(unlimited), bytes.isPresent() ? bytes.getAsLong() : unlimited, burst.getAsLong()));
    }

    static Optional<Double> spansPerSecond(Keys keys, String type) {
        Optional<BigDecimal> spans = keys.number("spans-per-second");
        if (spans.isPresent()
                && (spans.get().compareTo(new BigDecimal("0.001")) < 0
                        || spans.get().compareTo(BigDecimal.valueOf(1_000_000_000)) > 0)) {
            keys.fault(type + "'s spans-per-second must be a number from 0.001 to 1000000000");
            return Optional.empty();
        }
        return spans.map(BigDecimal::doubleValue);
    }

    /** Empty when it is faulty. */
    static OptionalLong burst(Keys keys, String type) {
        if (!keys.has("burst")) {
            return OptionalLong.of(RateLimits.DEFAULT_BURST_NANOS);
        }
        OptionalLong burst = keys.duration("burst");
        if (burst.isPresent() && (burst.getAsLong() < LEAST_BURST_NANOS || burst.getAsLong() > MOST_BURST_NANOS)) {
            keys.fault(type + "'s burst must be from 100ms to 10m");
            return OptionalLong.empty();
        }
        return burst;
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
        return new Outcome.Chosen(limits);
    }

    @Override
    public boolean isProbabilistic() {
        return true;
    }
}
