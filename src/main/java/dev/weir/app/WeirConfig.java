package dev.weir.app;

import dev.weir.batch.BatchConfig;
import dev.weir.enrich.AttributesConfig;
import dev.weir.enrich.MeshConfig;
import dev.weir.enrich.RedactConfig;
import dev.weir.export.ExportConfig;
import dev.weir.export.StoreConfig;
import dev.weir.pipeline.ByteSize;
import dev.weir.receive.ReceiveConfig;
import dev.weir.sample.SampleConfig;
import io.quarkus.runtime.annotations.StaticInitSafe;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** {@code weir}: the whole configuration. Each part is described where it is used. */
@StaticInitSafe
@ConfigMapping(prefix = "weir")
public interface WeirConfig {
    /** The two doors. */
    ReceiveConfig receive();

    /** The mesh in front. */
    MeshConfig mesh();

    /** What no backend is to see. */
    RedactConfig redact();

    /** Attributes that are set or taken out. */
    AttributesConfig attributes();

    /** What is worth keeping. */
    SampleConfig sample();

    /** When batches are sent. */
    BatchConfig batch();

    /** Destinations, by name. */
    Map<String, ExportConfig> export();

    /** The embedded store. */
    StoreConfig store();

    /** Memory. */
    MemoryConfig memory();

    /** Weir's own traces. */
    TelemetryConfig telemetry();

    /** After SIGTERM: how long intake goes on while readiness already says no. */
    @WithDefault("5s")
    Duration shutdownDelay();

    /** After {@code shutdown-delay}: how long flushing and exporting may take. */
    @WithDefault("25s")
    Duration shutdownTimeout();

    /** {@code weir.memory}. */
    interface MemoryConfig {
        /** The resident memory to stay within; by default 80 % of the container's limit, else 512MiB. */
        Optional<ByteSize> limit();
    }

    /** {@code weir.telemetry}. */
    interface TelemetryConfig {
        /** OTLP/gRPC endpoint for Weir's own traces (exports and slow steps); none are made without it. */
        Optional<String> tracesEndpoint();
    }
}
