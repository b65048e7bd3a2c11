package dev.weir.pipeline;

import java.time.Instant;

/** Where the process is in its life. */
public interface Lifecycle {

    State state();

    Instant startedAt();

    /** In this order, and never back. */
    enum State {
        STARTING,
        RUNNING,
        DRAINING,
        STOPPED
    }
}
