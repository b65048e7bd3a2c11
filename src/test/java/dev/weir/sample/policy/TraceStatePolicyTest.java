package dev.weir.sample.policy;

import static dev.weir.sample.policy.PolicyTester.faults;
import static dev.weir.sample.policy.PolicyTester.keeps;
import static dev.weir.sample.policy.TestSpan.span;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TraceStatePolicyTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            tier=gold             | true
            ot=th:8,tier=gold     | true
            ot=th:8 , tier=gold   | true
            tier=golden           | false
            xtier=gold            | false
            tier                  | false
            gold=tier             | false
            """)
    void shouldFindTheEntry(String traceState, boolean kept) {
        assertThat(keeps("trace-state: { key: tier, values: [gold] }", span().traceState(traceState)))
                .isEqualTo(kept);
    }

    @Test
    void shouldReadNoMoreThan32EntriesAndNoneWhereThereIsNone() {
        String policy = "trace-state: { key: tier, matches: 'gold' }";

        assertThat(keeps(policy, span())).isFalse();
        assertThat(keeps(policy, span().traceState("a=b,".repeat(31) + "tier=gold")))
                .isTrue();
        assertThat(keeps(policy, span().traceState("a=b,".repeat(32) + "tier=gold")))
                .isFalse();
        assertThat(faults("trace-state: { values: [gold] }")).containsExactly("trace-state needs the key 'key'");
    }
}
