package dev.weir.sample.policy;

import static dev.weir.sample.policy.PolicyTester.faults;
import static dev.weir.sample.policy.PolicyTester.keeps;
import static dev.weir.sample.policy.TestSpan.span;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatusPolicyTest {

    @ParameterizedTest
    @CsvSource({
        "'[unset]',     true,  false, false",
        "'[ok]',        false, true,  false",
        "error,         false, false, true",
        "'[ok, error]', false, true,  true"
    })
    void shouldTakeAnyOfTheStatuses(String wanted, boolean unset, boolean ok, boolean error) {
        assertThat(keeps("status: " + wanted, span().status(0))).isEqualTo(unset);
        assertThat(keeps("status: " + wanted, span().status(1))).isEqualTo(ok);
        assertThat(keeps("status: " + wanted, span().status(2))).isEqualTo(error);
        assertThat(keeps("status: " + wanted, span())).isEqualTo(unset);
        assertThat(keeps("status: " + wanted, span().status(1), span().status(2)))
                .isEqualTo(ok || error);
    }

    @Test
    void shouldRejectWhatIsNoStatus() {
        assertThat(faults("status: [failed]")).containsExactly("status must be ok, error or unset, was 'failed'");
        assertThat(faults("status: []")).containsExactly("status must be a list of 1 to 3 texts, has 0");
    }
}
