package dev.weir.export;

import dev.weir.otlp.RequestBytes;
import dev.weir.pipeline.Signal;
import java.util.function.Consumer;

/** Sends one request to one destination, once. */
interface Transport {

    /**
     * Never blocks and never throws. Called on the destination's {@link Loop}.
     *
     * @param done told exactly once, by any thread, but for a cancelled call, where it may not be told
     */
    Call send(Signal signal, RequestBytes bytes, int items, Consumer<Outcome> done);

    /** Closes connections at once. */
    void close();

    /** A request under way. */
    interface Call {
        void cancel();
    }
}
