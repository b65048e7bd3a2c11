package dev.weir.app;

import dev.weir.pipeline.ByteSize;
import dev.weir.sample.tail.TailConfig;

/**
 * What tail sampling takes of {@code memory.limit}, all of it off the heap.
 *
 * @param buffer bytes for held traces with all that holding takes
 * @param remember bytes for decisions, so that late spans follow
 * @param explain bytes for the last decisions in full
 */
record HeldPlan(long buffer, long remember, long explain) {

    static final HeldPlan NONE = new HeldPlan(0, 0, 0);

    private static final long MOST_TO_EXPLAIN = 8 << 20;

    static HeldPlan of(TailConfig config, long limit) {
        return new HeldPlan(
                config.bufferSize().map(ByteSize::bytes).orElse(limit / 2),
                config.rememberSize().map(ByteSize::bytes).orElse(limit / 20),
                Math.min(MOST_TO_EXPLAIN, limit / 32));
    }

    long sum() {
        return buffer + remember + explain;
    }
}
