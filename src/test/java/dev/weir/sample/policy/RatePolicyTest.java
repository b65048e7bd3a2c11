package dev.weir.sample.policy;

import static dev.weir.sample.policy.PolicyTester.faults;
import static dev.weir.sample.policy.TestSpan.span;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weir.sample.ratio.Threshold;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RatePolicyTest {

    private static final long SECOND = 1_000_000_000L;

    private final Random random = new Random(1);
    private final Verdict verdict = new Verdict();

    private void decide(Rules rules, TestTrace trace, long nowNanos) {
        trace.randomness = random.nextLong() & Threshold.NEVER - 1;
        assertThat(rules.decide(trace, true, nowNanos, verdict)).isTrue();
    }

    @Test
    void shouldSampleOutUnderItsNameAndUnderItsCeilings() {
        // Given
        Rules rules = PolicyTester.rules("rate: { spans-per-second: 100, burst: 1s }");
        TestTrace trace = TestTrace.of(rules, span());
        Map<String, Integer> fates = new HashMap<>();

        // When
        for (int i = 0; i < 50_000; i++) {
            decide(rules, trace, i * SECOND / 10_000);
            String fate = (verdict.isKept() ? "kept by " : "lost to ") + verdict.policy();
            fates.merge(fate, 1, Integer::sum);
            if (verdict.policy().equals("p.ceiling")) {
                assertThat(verdict.isKept()).isFalse();
            }
            if (i < 10_000 && fates.containsKey("lost to p.ceiling") && verdict.isKept()) {
                assertThat(verdict.isProbabilityKnown()).isFalse();
            }
        }

        // Then
        assertThat(fates).containsOnlyKeys("kept by p", "lost to p", "lost to p.ceiling");
        assertThat(fates.get("kept by p")).isCloseTo(100 * 5 + 50, within(100));
        assertThat(fates.get("lost to p.ceiling")).isLessThan(500);
    }

    @Test
    void shouldGoOnOverAReloadThatLeavesThePolicyAsItWas() {
        // Given
        String rate = "- { name: p, rate: { spans-per-second: 10 } }";
        Rules rules = PolicyTester.file(rate);
        TestTrace trace = TestTrace.of(rules, span());
        for (int i = 0; i < 5000; i++) {
            decide(rules, trace, i * SECOND / 1000);
        }
        long learned = verdict.threshold();
        assertThat(Threshold.probability(learned)).isCloseTo(0.01, within(0.005));

        // When
        Rules same = reload("- { name: first, drop: { status: ok } }\n" + rate, rules);
        Rules other = reload("- { name: p, rate: { spans-per-second: 11 } }", rules);

        // Then
        decide(other, TestTrace.of(other, span()), 5 * SECOND - 1000);
        assertThat(verdict.threshold()).isEqualTo(Threshold.ALWAYS);
        decide(same, TestTrace.of(same, span()), 5 * SECOND - 1000);
        assertThat(verdict.threshold()).isEqualTo(learned);
    }

    private static Rules reload(String yaml, Rules previous) {
        return Rules.compile(PolicyReader.readFile(yaml).policies(), previous, System::nanoTime);
    }

    @Test
    void shouldCountWithoutBiasBehindARatio() {
        // Given
        Rules rules = PolicyTester.rules("and: [ { ratio: 0.25 }, { rate: { spans-per-second: 100, burst: 10m } } ]");
        TestTrace trace = TestTrace.of(rules, span());
        double estimate = 0;
        double variance = 0;
        int traces = 100_000;
        long now = 0;

        // When
        for (int i = 0; i < traces; i++) {
            now += i % 20_000 < 5_000 ? SECOND / 200 : SECOND / 2_000;
            decide(rules, trace, now);
            double p = Threshold.probability(verdict.threshold());
            assertThat(p).isLessThanOrEqualTo(0.25001);
            assertThat(verdict.isProbabilityKnown()).isTrue();
            estimate += verdict.isKept() ? 1 / p : 0;
            variance += (1 - p) / p;
        }

        // Then
        assertThat(estimate).isCloseTo(traces, within(4 * Math.sqrt(variance)));
    }

    @Test
    void shouldRejectWhatCannotBeMeant() {
        assertThat(faults("rate: { burst: 1s }"))
                .containsExactly("rate needs spans-per-second or bytes-per-second or both");
        assertThat(faults("rate: { spans-per-second: -1 }"))
                .containsExactly("rate's spans-per-second must be a number from 0.001 to 1000000000");
        assertThat(faults("rate: { bytes-per-second: 0 }")).containsExactly("rate's bytes-per-second must be over 0");
        assertThat(faults("rate: { spans-per-second: 1, burst: 1ms }"))
                .containsExactly("rate's burst must be from 100ms to 10m");
        assertThat(faults("rate: 5"))
                .containsExactly("rate wants the keys spans-per-second, bytes-per-second, burst, not '5'");
        assertThat(faults("not: { rate: { spans-per-second: 1 } }"))
                .containsExactly("not cannot stand over a policy that keeps a share (ratio, rate, per-key, composite)");
    }

    @Test
    void shouldTakeTheBytesOfASize() {
        assertThat(faults("rate: { bytes-per-second: 1MiB, burst: 5s }")).isEmpty();
    }
}
