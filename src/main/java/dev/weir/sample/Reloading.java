package dev.weir.sample;

import dev.weir.sample.ratio.RatioSettings;
import java.util.List;

/** What of the configuration is read again while the process runs: {@code sample.ratio} and the policies. Any thread. */
public interface Reloading {

    /**
     * Reads the files now. Of a file with a fault nothing is used.
     *
     * @return what is wrong with them, one sentence each; empty when they are in use
     */
    List<String> reload();

    /** What is wrong with {@code weir.yaml} as it is now; empty when it is in use, but for {@link #needRestart}. */
    List<String> faults();

    /** Keys of {@code weir.yaml} that have changed since the start and are not in use; in their order. */
    List<String> needRestart();

    /** The shares in use. */
    RatioSettings ratio();

    /** How often other shares took the place of those in use. */
    long ratioReloads();
}
