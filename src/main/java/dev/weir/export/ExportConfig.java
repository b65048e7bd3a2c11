package dev.weir.export;

import dev.weir.pipeline.ByteSize;
import dev.weir.pipeline.Destination;
import dev.weir.pipeline.Signal;
import dev.weir.tls.TlsConfig;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code weir.export.<name>}: one destination. */
public interface ExportConfig {
    /** How to speak to it: {@code grpc} or {@code http/protobuf}. */
    String protocol();

    /** Where it is: {@code http://host:port}, or {@code https://…} for TLS; over HTTP the path gets {@code /v1/<signal>} appended unless it ends so. */
    String endpoint();

    /** Which signals go there: {@code traces}, {@code metrics}, {@code logs}. */
    @WithDefault("traces,metrics,logs")
    Set<Signal> signals();

    /**
     * Headers sent with every request, by name. A value {@code file:/path} is the file's content without surrounding
     * white space, {@code env:NAME} the variable's. A file is read again when it changes. Values are never shown.
     */
    Map<String, String> headers();

    /** {@code none}, {@code gzip} or {@code zstd}. */
    @WithDefault("none")
    Compression compression();

    /** How long one attempt may take. */
    @WithDefault("10s")
    Duration timeout();

    /** Requests of one signal under way at once; metrics always go one at a time, so that they arrive in order. */
    @WithDefault("4")
    int concurrency();

    /** The longest message the destination takes, before compression; batches stay below it. */
    @WithDefault("4MiB")
    ByteSize maxMessageSize();

    /** What happens after a retryable failure. */
    RetryConfig retry();

    /** What waits for the destination. */
    QueueConfig queue();

    /** TLS towards the destination; on when the endpoint's scheme is https. */
    TlsConfig tls();

    /** Exponential backoff with jitter. */
    interface RetryConfig {
        /** The first pause. */
        @WithDefault("1s")
        Duration initial();

        /** How much longer each pause is than the one before. */
        @WithDefault("1.5")
        double multiplier();

        /** The longest pause. */
        @WithDefault("30s")
        Duration max();

        /** A batch that has been tried for this long is dropped, counted as {@code retries_exhausted}. */
        @WithDefault("5m")
        Duration total();
    }

    /** The queue of one destination. */
    interface QueueConfig {
        /** The most bytes that wait for, or are being sent to, the destination. */
        @WithDefault("64MiB")
        ByteSize size();

        /** {@code drop} or {@code refuse} when it is full; default {@code refuse} with one destination for a signal, else {@code drop}. */
        Optional<Destination.WhenFull> whenFull();
    }

    /** How request bodies are compressed. */
    enum Compression {
        NONE,
        GZIP,
        ZSTD
    }
}
