package dev.weir.sample.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.weir.sample.ratio.Threshold;
import java.lang.management.ManagementFactory;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RateAllocationTest {

    private static final int ROUNDS = 20_000;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final Random random = new Random(1);
    private long nowNanos;

    @Test
    void shouldAllocateNothingPerDecision() {
        // Given
        Rules rules = PolicyTester.rules("composite: { spans-per-second: 1000, parts: ["
                + " { share: 0.5, policy: { and: [ { status: error }, { rate: { bytes-per-second: 1KiB } } ] } },"
                + " { share: 0.5, policy: { per-key: { keys: [service.name, id], spans-per-second: 10 } } } ] }");
        TestTrace[] traces = new TestTrace[100];
        for (int i = 0; i < traces.length; i++) {
            traces[i] = TestTrace.of(
                    rules,
                    TestSpan.root().status(i % 3).with("id", i).resource("service.name", "shop"),
                    TestSpan.span().with("id", i));
        }
        Verdict verdict = new Verdict();
        run(rules, traces, verdict);

        // When
        long before = threads.getCurrentThreadAllocatedBytes();
        int kept = run(rules, traces, verdict);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        // Then
        assertThat(kept).isBetween(100, ROUNDS - 100);
        assertThat(allocated).as("bytes for %d decisions", ROUNDS).isLessThan(ROUNDS / 10);
    }

    private int run(Rules rules, TestTrace[] traces, Verdict verdict) {
        int kept = 0;
        for (int i = 0; i < ROUNDS; i++) {
            TestTrace trace = traces[i % traces.length];
            trace.randomness = random.nextLong() & Threshold.NEVER - 1;
            nowNanos += 200_000;
            rules.decide(trace, true, nowNanos, verdict);
            kept += verdict.isKept() ? 1 : 0;
        }
        return kept;
    }
}
