package dev.weir.sample.policy;

import java.util.List;

/**
 * What is needed to give each value of a key a rate.
 *
 * @param keys attributes of the span, else of its resource
 * @param limits the rate of each combination of values
 */
record KeySettings(List<String> keys, RateLimits limits) implements ThresholdSource.Settings {

    /** Most combinations of values that have a rate of their own. */
    static final int MOST_TRACKED = 10_000;

    KeySettings {
        keys = List.copyOf(keys);
    }

    @Override
    public ThresholdSource start() {
        return new KeySource(this);
    }
}
