package dev.weir.sample.policy;

import static dev.weir.sample.policy.PolicyTester.faults;
import static dev.weir.sample.policy.PolicyTester.keeps;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpanCountPolicyTest {

    @ParameterizedTest
    @CsvSource({"2, false", "3, true", "5, true", "6, false"})
    void shouldIncludeBothBounds(int spans, boolean kept) {
        TestSpan[] trace = Stream.generate(TestSpan::span).limit(spans).toArray(TestSpan[]::new);

        assertThat(keeps("span-count: { at-least: 3, at-most: 5 }", trace)).isEqualTo(kept);
    }

    @Test
    void shouldRejectWhatCannotBeMeant() {
        assertThat(faults("span-count: {}"))
                .containsExactly("span-count needs at least one bound, at-least or at-most");
        assertThat(faults("span-count: { at-least: 1.5 }"))
                .containsExactly("span-count's at-least must be a whole number from 0 to 2147483647, was '1.5'");
        assertThat(faults("scope: span, span-count: { at-least: 2 }")).hasSize(1);
    }
}
