package dev.weir.sample.tail;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HeldShardAllocationTest {

    private static final int TRACES_HELD = 5_000;
    private static final int SPANS_OF_TRACE = 10;
    private static final int ROUNDS = 20_000;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final HeldFixture held = new HeldFixture(64 << 20, 1);
    private final byte[] span = HeldFixture.randomBytes(new Random(3), 410);
    private final int origin = held.origin("r", "s");
    private final RunList list = new RunList();
    private final SpanReader reader = new SpanReader();
    private long came;
    private long sum;

    @Test
    void shouldAllocateNothingPerSpan() {
        for (int i = 0; i < TRACES_HELD + ROUNDS; i++) {
            round();
        }

        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < ROUNDS; i++) {
            round();
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        assertThat(sum).isPositive();
        // an object for each slab, and one for each chunk of the index, are allowed: less than a byte a span
        assertThat(allocated)
                .as("bytes for %d spans", ROUNDS * SPANS_OF_TRACE)
                .isLessThan((long) ROUNDS * SPANS_OF_TRACE);
    }

    private void round() {
        for (int i = 0; i < SPANS_OF_TRACE; i++) {
            sum += held.hold(0, came, 1, span, origin, 0) ? 1 : 0;
        }
        came++;
        if (came > TRACES_HELD) {
            HeldShard shard = held.shards[0];
            int trace = shard.table().find(came - TRACES_HELD - 1, 1);
            if (came % 10 == 0) {
                shard.pin(trace, Integer.MAX_VALUE, list);
                reader.run(list, 0);
                sum += reader.next() ? reader.length() : 0;
                shard.release(list);
            } else {
                shard.drop(trace, Integer.MAX_VALUE);
            }
        }
    }
}
