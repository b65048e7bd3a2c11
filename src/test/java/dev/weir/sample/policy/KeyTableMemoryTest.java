package dev.weir.sample.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What {@code per-key} takes at most, whatever values senders think of. */
final class KeyTableMemoryTest {

    private static final long SECOND = 1_000_000_000L;

    @Test
    void shouldTakeNoMoreThanItSaysInAFloodOfValues() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Random random = new Random(1);
        RateLimits limits = new RateLimits(100, Double.POSITIVE_INFINITY, RateLimits.DEFAULT_BURST_NANOS);
        new KeyTable(limits, 10).find(1, 0);
        long before = threads.getCurrentThreadAllocatedBytes();

        KeyTable table = new KeyTable(limits, KeySettings.MOST_TRACKED);
        for (int i = 0; i < 10 * KeySettings.MOST_TRACKED; i++) {
            table.find(random.nextLong(), i * SECOND / 100); // so slowly that places are taken over, too
        }

        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(table.size()).isEqualTo(KeySettings.MOST_TRACKED);
        assertThat(allocated)
                .as("all that was ever allocated, so all that can be in use")
                .isBetween(
                        (long) KeySettings.MOST_TRACKED * KeySettings.BYTES_TRACKED / 2,
                        (long) KeySettings.MOST_TRACKED * KeySettings.BYTES_TRACKED);
    }

    @Test
    void shouldTakeNoMorePoliciesThanTheHeapHasRoomFor() {
        String policy = "- { name: p%d, and: [ { status: [error] }, { %s } ] }%n";
        StringBuilder policies = new StringBuilder();
        for (int i = 0; i < 3; i++) {
            policies.append(policy.formatted(i, "per-key: { keys: [k" + i + "], spans-per-second: 1 }"));
        }
        String composite = "- name: c\n  composite: { spans-per-second: 9, parts: [ { share: 0.5, policy:"
                + " { per-key: { keys: [a], spans-per-second: 1 } } } ] }\n";

        assertThat(PolicyReader.readFile(policies + composite).faults()).isEmpty();
        policies.append(policy.formatted(3, "per-key: { keys: [k], spans-per-second: 1 }"));
        assertThat(PolicyReader.readFile(policies + composite).faults())
                .singleElement()
                .asString()
                .contains("per-key", "5 times", "at most 4");
    }
}
