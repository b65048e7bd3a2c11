package dev.weir.sample.policy;

/**
 * What a rate may be.
 *
 * @param spansPerSecond over 0; infinite for no limit
 * @param bytesPerSecond over 0; infinite for no limit
 * @param burstNanos for how long tokens that are not used are saved up
 */
record RateLimits(double spansPerSecond, double bytesPerSecond, long burstNanos) implements ThresholdSource.Settings {

    static final long DEFAULT_BURST_NANOS = 2_000_000_000L;

    @Override
    public ThresholdSource start() {
        return new RateSource(this);
    }

    RateLimits share(double share) {
        return new RateLimits(spansPerSecond * share, bytesPerSecond * share, burstNanos);
    }
}
