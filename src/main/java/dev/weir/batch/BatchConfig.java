package dev.weir.batch;

import dev.weir.pipeline.ByteSize;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** {@code weir.batch}: when a batch is full. */
public interface BatchConfig {
    /** A batch that has reached this many bytes is sent. */
    @WithDefault("512KiB")
    ByteSize size();

    /** A batch that has waited this long is sent, however small. */
    @WithDefault("200ms")
    Duration age();
}
