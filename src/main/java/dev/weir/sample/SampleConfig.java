package dev.weir.sample;

import dev.weir.sample.ratio.RatioConfig;

/** {@code weir.sample}: what is worth keeping. */
public interface SampleConfig {
    /** How much is kept, whatever it is. */
    RatioConfig ratio();
}
