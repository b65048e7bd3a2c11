package dev.weir.sample.policy;

import static dev.weir.sample.policy.PolicyTester.faults;
import static dev.weir.sample.policy.PolicyTester.keeps;
import static dev.weir.sample.policy.TestSpan.span;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LatencyPolicyTest {

    @ParameterizedTest
    @CsvSource({
        "499,  false, true",
        "500,  true,  true",
        "2000, true,  true",
        "2001, true,  false",
        "0,    false, true",
    })
    void shouldIncludeBothBounds(long millis, boolean atLeast, boolean atMost) {
        assertThat(keeps("latency: { at-least: 500ms }", span().from(0, millis)))
                .isEqualTo(atLeast);
        assertThat(keeps("latency: { at-most: 2s }", span().from(0, millis))).isEqualTo(atMost);
        assertThat(keeps("latency: { at-least: 500ms, at-most: 2s }", span().from(0, millis)))
                .isEqualTo(atLeast && atMost);
    }

    @Test
    void shouldReckonFromFirstStartToLastEndInAnyOrder() {
        TestSpan early = span().from(0, 10);
        TestSpan late = span().from(400, 500);
        TestSpan backwards = span().from(300, 100);

        assertThat(keeps("latency: { at-least: 500ms }", early, late, backwards))
                .isTrue();
        assertThat(keeps("latency: { at-least: 500ms }", backwards, late, early))
                .isTrue();
        assertThat(keeps("latency: { at-least: 501ms }", early, late, backwards))
                .isFalse();
        assertThat(keeps("latency: { at-most: 0s }", backwards)).isTrue();
        assertThat(keeps("scope: span, latency: { at-least: 101ms }", early, late))
                .isFalse();
        assertThat(keeps("scope: span, latency: { at-most: 0s }", early, backwards))
                .isTrue();
    }

    @Test
    void shouldRejectWhatCannotBeMeant() {
        assertThat(faults("latency: {}")).containsExactly("latency needs at least one bound, at-least or at-most");
        assertThat(faults("latency: { at-least: 2s, at-most: 1s }"))
                .containsExactly("latency's at-least must not be greater than at-most");
        assertThat(faults("latency: { at-least: 5 }"))
                .containsExactly("latency's at-least must be a duration such as 100ms, 1.5s, 2m or PT0.5S, was '5'");
    }
}
