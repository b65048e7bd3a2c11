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

    /** What one takes, its places in the table included. */
    static final int BYTES_TRACKED = 256;

    /** Policies {@code per-key} there may be, parts of others included: on the heap, they are in no budget. */
    static final int MOST_POLICIES = 4;

    KeySettings {
        keys = List.copyOf(keys);
    }

    @Override
    public ThresholdSource start() {
        return new KeySource(this);
    }
}
