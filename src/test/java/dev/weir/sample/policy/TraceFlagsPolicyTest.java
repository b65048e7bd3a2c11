package dev.weir.sample.policy;

import static dev.weir.sample.policy.PolicyTester.faults;
import static dev.weir.sample.policy.PolicyTester.keeps;
import static dev.weir.sample.policy.TestSpan.span;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TraceFlagsPolicyTest {

    @ParameterizedTest
    @CsvSource({"0, false, false", "1, true, false", "2, false, true", "0x103, true, true"})
    void shouldReadTheBits(String flags, boolean sampled, boolean random) {
        int bits = Integer.decode(flags);

        assertThat(keeps("trace-flags: { sampled: true }", span().flags(bits))).isEqualTo(sampled);
        assertThat(keeps("trace-flags: { sampled: false }", span().flags(bits))).isEqualTo(!sampled);
        assertThat(keeps("trace-flags: { random: true }", span().flags(bits))).isEqualTo(random);
        assertThat(keeps("trace-flags: { sampled: true, random: false }", span().flags(bits)))
                .isEqualTo(sampled && !random);
    }

    @Test
    void shouldRejectFlagsThatSayNothing() {
        assertThat(faults("trace-flags: {}")).containsExactly("trace-flags needs sampled or random");
    }
}
