package dev.weir.export;

import dev.weir.pipeline.ByteSize;
import io.smallrye.config.WithDefault;
import java.util.Optional;

/** {@code weir.store}: the embedded store of traces, read by the API on the admin port. */
public interface StoreConfig {
    /** Whether it keeps traces; by default only when no destination is configured. */
    Optional<Boolean> enabled();

    /**
     * The most bytes of spans it keeps; the oldest traces make room. At most a quarter of the heap is used. Taken out of
     * the memory for telemetry.
     */
    @WithDefault("64MiB")
    ByteSize size();
}
