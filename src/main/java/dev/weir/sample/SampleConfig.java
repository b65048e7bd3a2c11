package dev.weir.sample;

import dev.weir.sample.ratio.RatioConfig;
import dev.weir.sample.tail.TailConfig;

/** {@code weir.sample}: what is worth keeping. */
public interface SampleConfig {
    /** How much is kept, whatever it is. */
    RatioConfig ratio();

    /** Which traces are kept, after they have been seen as a whole. On when there are policies. */
    TailConfig tail();
}
