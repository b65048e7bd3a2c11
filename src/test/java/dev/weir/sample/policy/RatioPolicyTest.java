package dev.weir.sample.policy;

import static dev.weir.sample.policy.PolicyTester.decide;
import static dev.weir.sample.policy.PolicyTester.faults;
import static dev.weir.sample.policy.PolicyTester.rules;
import static dev.weir.sample.policy.TestSpan.span;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.sample.ratio.Threshold;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RatioPolicyTest {

    @ParameterizedTest
    @CsvSource({"1, 0", "0.5, 8", "0.1, e666", "0.25, c", "0.00001, ffff", "1e-20, ffff"})
    void shouldKeepByAThresholdOfFourDigits(String ratio, String digits) {
        long threshold = Long.parseLong(digits, 16) << 56 - 4 * digits.length();
        Rules rules = rules("ratio: " + ratio);
        TestTrace trace = TestTrace.of(rules, span());

        trace.randomness = threshold;
        assertThat(decide(rules, trace))
                .extracting(Verdict::isKept, Verdict::threshold)
                .containsExactly(true, threshold);
        trace.randomness = Math.max(0, threshold - 1);
        assertThat(decide(rules, trace).isKept()).isEqualTo(threshold == Threshold.ALWAYS);
    }

    @ParameterizedTest
    @CsvSource({"0", "-0.1", "1.01", "ten", "'0.1'", "[0.1]"})
    void shouldRejectWhatIsNoShare(String ratio) {
        assertThat(faults("ratio: " + (ratio.equals("0.1") ? "'0.1'" : ratio)))
                .singleElement()
                .asString()
                .startsWith("ratio must be a number over 0 and at most 1, was ");
    }

    @Test
    void shouldAllowNotOverAllOfThem() {
        assertThat(faults("not: { and: [ { ratio: 1 }, { status: ok } ] }")).isEmpty();
    }
}
