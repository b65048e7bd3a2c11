package dev.weir.sample.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SpanMatcherAllocationTest {

    private static final int ROUNDS = 20_000;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void shouldAllocateNothingPerSpanOrDecision() {
        // Given
        Rules rules = PolicyTester.file(SpanMatcherBenchmark.twenty()
                + "\n- { name: share, and: [ { not: { status: ok } }, { or: [ { ratio: 0.5 }, { status: error } ] } ] }"
                + "\n- { name: shadow, shadow: true, always: true }"
                + "\n- { name: fulfilled, shadow: true, string: { key: http.request.method, values: [GET] } }");
        SpanMatcher matcher = rules.newMatcher();
        TestTrace trace = TestTrace.of(rules, TestSpan.span());
        Verdict verdict = new Verdict();
        byte[] resource = TestSpan.span()
                .resource("service.name", "checkout")
                .resource
                .build()
                .toByteArray();
        byte[] span = SpanMatcherBenchmark.span(new Random(1))
                .event("k", "v")
                .span
                .build()
                .toByteArray();
        run(rules, matcher, trace, verdict, resource, span);

        // When
        long before = threads.getCurrentThreadAllocatedBytes();
        long bits = run(rules, matcher, trace, verdict, resource, span);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        // Then
        assertThat(bits).as("fulfilled conditions").isNotZero();
        assertThat(verdict.isKept()).isTrue();
        assertThat(allocated).as("bytes for %d spans and decisions", ROUNDS).isLessThan(ROUNDS / 10);
    }

    private static long run(
            Rules rules, SpanMatcher matcher, TestTrace trace, Verdict verdict, byte[] resource, byte[] span) {
        long bits = 0;
        for (int i = 0; i < ROUNDS; i++) {
            matcher.origin(resource, 0, resource.length, 0, 0);
            matcher.span(span, 0, span.length);
            bits |= matcher.bits(0);
            rules.decide(trace, false, 0, verdict);
            rules.decide(trace, true, 0, verdict);
        }
        return bits;
    }
}
