package dev.weir.sample.policy;

import static dev.weir.sample.policy.PolicyTester.faults;
import static dev.weir.sample.policy.PolicyTester.keeps;
import static dev.weir.sample.policy.TestSpan.span;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weir.sample.ratio.Threshold;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CompositePolicyTest {

    private static final long SECOND = 1_000_000_000L;

    @Test
    void shouldGiveEachPartItsShareAndNoMore() {
        // Given
        Rules rules = PolicyTester.rules(
                "composite: { spans-per-second: 100, parts: [ { share: 0.6, policy: { status: error } },"
                        + " { share: 0.3, policy: { string: { key: k, values: [v] } } } ] }");
        TestTrace errors = TestTrace.of(rules, span().status(2).with("k", "v"));
        TestTrace others = TestTrace.of(rules, span().with("k", "v"));
        TestTrace unmatched = TestTrace.of(rules, span());
        Verdict verdict = new Verdict();
        Random random = new Random(1);
        int[] kept = new int[3];

        // When
        for (int i = 0; i < 60_000; i++) {
            TestTrace trace = i % 3 == 0 ? errors : i % 3 == 1 ? others : unmatched;
            trace.randomness = random.nextLong() & Threshold.NEVER - 1;
            assertThat(rules.decide(trace, true, i * SECOND / 2000, verdict)).isTrue();
            kept[i % 3] += i >= 20_000 && verdict.isKept() ? 1 : 0;
        }

        // Then
        assertThat(kept[0] / 20.0).isCloseTo(60, within(6.0));
        assertThat(kept[1] / 20.0).isCloseTo(30, within(3.0));
        assertThat(kept[2]).isZero();
    }

    @Test
    void shouldKeepWhatAPartKeepsUnderItsRate() {
        String policy = "scope: root, composite: { spans-per-second: 100, parts:"
                + " [ { share: 1, policy: { and: [ { status: error }, { ratio: 1 } ] } } ] }";

        assertThat(keeps(policy, TestSpan.root().status(2))).isTrue();
        assertThat(keeps(policy, TestSpan.root(), span().status(2))).isFalse();
    }

    @Test
    void shouldRejectWhatCannotBeMeant() {
        assertThat(faults("composite: { spans-per-second: 5 }")).containsExactly("composite needs the key 'parts'");
        assertThat(faults("composite: { spans-per-second: 5, parts: [] }"))
                .containsExactly("composite's parts must be a list of 1 to 32 parts");
        assertThat(faults("composite: { spans-per-second: 5, parts: [ { share: 0.5 } ] }"))
                .containsExactly("a part of composite needs the key 'policy'");
        assertThat(faults("composite: { spans-per-second: 5, parts: [ { policy: { always: true } } ] }"))
                .containsExactly("a part of composite needs the key 'share'");
        assertThat(faults("composite: { spans-per-second: 5, parts: [ { share: 0.7, policy: { status: ok } },"
                        + " { share: 0.4, policy: { status: error } } ] }"))
                .containsExactly("the shares of composite's parts must add up to 1 at most, are 1.1");
        assertThat(faults("composite: { parts: [ { share: 2, policy: { status: ok } } ] }"))
                .containsExactly(
                        "composite needs spans-per-second or bytes-per-second or both",
                        "a part's share must be a number over 0 and at most 1");
    }
}
