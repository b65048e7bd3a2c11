package dev.weir.sample.policy;

import static dev.weir.sample.policy.PolicyTester.faults;
import static dev.weir.sample.policy.PolicyTester.keeps;
import static dev.weir.sample.policy.TestSpan.span;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumberPolicyTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            at-least: 500, at-most: 599 | 499 | 499.9 | false
            at-least: 500, at-most: 599 | 500 | 500.0 | true
            at-least: 500, at-most: 599 | 599 | 599.0 | true
            at-least: 500, at-most: 599 | 600 | 599.1 | false
            at-least: 500               | 9223372036854775807 | Infinity | true
            at-least: 500               | -1  | NaN   | false
            at-most: -1                 | -1  | -Infinity | true
            at-most: -1                 | 0   | NaN   | false
            at-least: 0.5               | 1   | 0.5   | true
            at-least: 0.5               | 0   | 0.4   | false
            at-least: 9007199254740993  | 9007199254740992 | 9007199254740992 | false
            values: [404, 410]          | 410 | 404.0 | true
            values: [404, 410]          | 405 | 404.5 | false
            values: 0                   | 0   | 0     | true
            """)
    void shouldCompareIntegersAndDoublesAsNumbers(String range, long integer, double real, boolean kept) {
        String policy = "number: { key: k, " + range + " }";

        assertThat(keeps(policy, span().with("k", integer))).isEqualTo(kept);
        assertThat(keeps(policy, span().with("k", real))).isEqualTo(kept);
    }

    @Test
    void shouldTakeNeitherTextNorAbsenceForNumbers() {
        assertThat(keeps("number: { key: k, at-least: 0 }", span().with("k", "500")))
                .isFalse();
        assertThat(keeps("number: { key: k, at-least: 0 }", span().with("k", true)))
                .isFalse();
        assertThat(keeps("number: { key: k, at-most: 0 }", span())).isFalse();
        assertThat(keeps("number: { key: k, in: event, at-least: 0 }", span().event("k", 1)))
                .isTrue();
    }

    @Test
    void shouldRejectWhatCannotBeMeant() {
        assertThat(faults("number: { key: k }"))
                .containsExactly("number needs at-least or at-most or both, or else values");
        assertThat(faults("number: { key: k, at-least: 1, values: [2] }"))
                .containsExactly("number needs at-least or at-most or both, or else values");
        assertThat(faults("number: { key: k, at-least: 2, at-most: 1 }"))
                .containsExactly("number's at-least must not be greater than at-most");
        assertThat(faults("number: { key: k, at-least: '2' }"))
                .containsExactly("number's at-least must be a number, was '2'");
    }
}
