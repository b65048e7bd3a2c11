package dev.weir.sample.ratio;

import io.smallrye.config.WithDefault;

/** {@code weir.sample.ratio}: how much is kept, whatever it is. */
public interface RatioConfig {
    /** The share of traces that are kept, over 0 and at most 1; 1 keeps all and looks at none. */
    @WithDefault("1")
    double traces();

    /** The share of log records with a trace id that are kept, over 0 and at most 1. */
    @WithDefault("1")
    double logs();

    /** What to do with items that were sampled before they came. */
    @WithDefault("equalizing")
    Mode mode();

    /** How the share and an earlier sampler's go together. */
    enum Mode {
        /** The share counts from the beginning: of what came with a smaller one, all is kept. */
        EQUALIZING,
        /** The share is of what comes, however small a part of the whole that is. */
        PROPORTIONAL
    }
}
