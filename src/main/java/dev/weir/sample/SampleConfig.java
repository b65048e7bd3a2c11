package dev.weir.sample;

import dev.weir.sample.ratio.RatioConfig;
import dev.weir.sample.tail.TailConfig;
import io.smallrye.config.WithDefault;

/** {@code weir.sample}: what is worth keeping. */
public interface SampleConfig {
    /** How much is kept, whatever it is. */
    RatioConfig ratio();

    /** What becomes of log records when traces are held. */
    @WithDefault("pass")
    Logs logs();

    /** Which traces are kept, after they have been seen as a whole. On when there are policies. */
    TailConfig tail();

    /** What becomes of log records when traces are held. */
    enum Logs {
        /** They go on at once. */
        PASS,
        /** Those with a trace id wait for the decision about the trace, and share its fate. */
        FOLLOW_TRACE
    }
}
