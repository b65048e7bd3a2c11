package dev.weir.sample.policy;

import static dev.weir.sample.policy.PolicyTester.faults;
import static dev.weir.sample.policy.PolicyTester.keeps;
import static dev.weir.sample.policy.TestSpan.span;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BooleanPolicyTest {

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldTakeOnlyThisTruthValue(boolean wanted) {
        String policy = "boolean: { key: k, value: " + wanted + " }";

        assertThat(keeps(policy, span().with("k", wanted))).isTrue();
        assertThat(keeps(policy, span().resource("k", wanted))).isTrue();
        assertThat(keeps(policy, span().with("k", !wanted))).isFalse();
        assertThat(keeps(policy, span().with("k", String.valueOf(wanted)))).isFalse();
        assertThat(keeps(policy, span().with("k", wanted ? 1 : 0))).isFalse();
        assertThat(keeps(policy, span())).isFalse();
    }

    @Test
    void shouldRejectWhatCannotBeMeant() {
        assertThat(faults("boolean: { key: k }")).containsExactly("boolean needs the key 'value'");
        assertThat(faults("boolean: { key: k, value: 'true' }"))
                .containsExactly("boolean's value must be true or false, was 'true'");
    }
}
