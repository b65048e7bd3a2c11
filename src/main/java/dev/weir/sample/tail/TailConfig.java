package dev.weir.sample.tail;

import dev.weir.pipeline.ByteSize;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/**
 * {@code weir.sample.tail}: traces are held until they can be judged as a whole. Its {@code policies} are not here: they are
 * read by themselves, and again whenever they change.
 */
public interface TailConfig {
    /** How long a trace is held after its first span, in whole seconds; what comes later follows the decision. */
    @WithDefault("30s")
    Duration decisionWait();

    /** How long a trace is held after its root span, if that ends before {@code decision-wait}. */
    @WithDefault("7s")
    Duration decisionWaitAfterRoot();

    /** Bytes of held traces with all that holding takes; by default half of {@code memory.limit}. */
    Optional<ByteSize> bufferSize();

    /** Bytes of spans, and of log records that follow, at which a trace is decided at once. */
    @WithDefault("16MiB")
    ByteSize maxTraceSize();

    /** Spans, and log records that follow, at which a trace is decided at once. */
    @WithDefault("100000")
    int maxTraceSpans();

    /** Spans held for longer are compressed; by default none are. */
    Optional<Duration> compressAfter();

    /** Bytes for remembering decisions, 16 each, for late spans; by default 5 % of {@code memory.limit}. */
    Optional<ByteSize> rememberSize();

    /** A file with {@code policies}, read again when it changes, instead of those in this one. */
    Optional<String> policiesFile();

    /** Whether kept spans say in {@code weir.policy} by which policy. */
    @WithDefault("false")
    boolean policyAttribute();
}
