package dev.weir.sample.policy;

import static dev.weir.sample.policy.PolicyTester.decide;
import static dev.weir.sample.policy.PolicyTester.file;
import static dev.weir.sample.policy.PolicyTester.keeps;
import static dev.weir.sample.policy.PolicyTester.rules;
import static dev.weir.sample.policy.TestSpan.root;
import static dev.weir.sample.policy.TestSpan.span;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.sample.ratio.Threshold;
import org.junit.jupiter.api.Test;

class RulesTest {

    private static final TestSpan ERROR = span().status(2);
    private static final TestSpan FINE = span().status(1).from(0, 10);
    private static final long HALF = Threshold.NEVER / 2;

    @Test
    void shouldLetTheFirstThatMatchesDecideAndDropsBeforeAll() {
        Rules rules = file("""
                - { name: slow, latency: { at-least: 1s } }
                - { name: errors, status: error }
                - { name: health, drop: { string: { key: http.route, values: [/health] } } }
                """);

        assertThat(decide(rules, ERROR).policy()).isEqualTo("errors");
        assertThat(decide(rules, ERROR, span().from(0, 1000)).policy()).isEqualTo("slow");
        assertThat(decide(rules, ERROR, span().with("http.route", "/health")))
                .extracting(Verdict::policy, Verdict::isKept)
                .containsExactly("health", false);
        assertThat(decide(rules, FINE))
                .extracting(Verdict::policy, Verdict::isKept)
                .containsExactly("none", false);
    }

    @Test
    void shouldNotGoOnAfterLosingTheDice() {
        Rules rules = file("""
                - { name: pay, and: [ { string: { key: k, values: [v] } }, { ratio: 0.5 } ] }
                - { name: rest, always: true }
                """);
        TestSpan pay = span().with("k", "v");

        assertThat(decide(rules, TestTrace.of(rules, pay).randomness(0.4)))
                .extracting(Verdict::policy, Verdict::isKept, Verdict::threshold)
                .containsExactly("pay", false, HALF);
        assertThat(decide(rules, TestTrace.of(rules, pay).randomness(0.5)))
                .extracting(Verdict::policy, Verdict::isKept, Verdict::threshold)
                .containsExactly("pay", true, HALF);
        assertThat(decide(rules, TestTrace.of(rules, FINE).randomness(0.1)))
                .extracting(Verdict::policy, Verdict::isKept, Verdict::threshold)
                .containsExactly("rest", true, 0L);
    }

    @Test
    void shouldTakeTheGreatestThresholdInAndAndTheLeastOfThoseThatHoldInOr() {
        Rules rules = rules("or: [ { and: [ { status: error }, { ratio: 0.75 }, { ratio: 0.5 } ] },"
                + " { and: [ { string: { key: k, values: [v] } }, { ratio: 0.25 } ] } ]");
        TestSpan tagged = span().with("k", "v");

        assertThat(decide(rules, ERROR).threshold()).isEqualTo(HALF);
        assertThat(decide(rules, tagged).threshold()).isEqualTo(HALF / 2 * 3);
        assertThat(decide(rules, ERROR, tagged).threshold()).isEqualTo(HALF);
        assertThat(decide(rules, FINE).policy()).isEqualTo("none");
    }

    @Test
    void shouldTellSpanScopeFromTraceScope() {
        String both = "and: [ { string: { key: a, values: [x] } }, { boolean: { key: b, value: true } } ]";
        TestSpan a = span().with("a", "x");
        TestSpan b = span().with("b", true);
        TestSpan ab = span().with("a", "x").with("b", true);
        TestSpan rootAb = root().with("a", "x").with("b", true);

        assertThat(keeps(both, a, b)).isTrue();
        assertThat(keeps("scope: span, " + both, a, b)).isFalse();
        assertThat(keeps("scope: span, " + both, a, ab)).isTrue();
        assertThat(keeps("scope: root, " + both, a, ab)).isFalse();
        assertThat(keeps("scope: root, " + both, a, rootAb)).isTrue();
        assertThat(keeps("not: { status: error }", FINE, ERROR)).isFalse();
        assertThat(keeps("scope: span, not: { status: error }", FINE, ERROR)).isTrue();
        assertThat(keeps("scope: span, latency: { at-least: 1s }", span().from(0, 500), span().from(600, 1200)))
                .isFalse();
    }

    @Test
    void shouldWantTheSameSpanForThresholdsInsideAScope() {
        Rules rules = rules("scope: span, and: [ { string: { key: a, values: [x] } }, { or: [ { status: error },"
                + " { and: [ { status: ok }, { ratio: 0.5 } ] } ] } ]");

        assertThat(decide(rules, span().with("a", "x").status(1), ERROR).threshold())
                .isEqualTo(HALF);
        assertThat(decide(rules, span().with("a", "x").status(2), FINE).threshold())
                .isZero();
    }

    @Test
    void shouldBeCertainOnlyWhenNothingCanChangeTheAnswer() {
        Rules rules = file("""
                - { name: health, drop: { string: { key: http.route, values: [/health] } } }
                - { name: errors, status: error }
                """);
        Rules withoutDrop = file("""
                - { name: slow, latency: { at-least: 1s } }
                - { name: errors, status: error }
                - { name: rest, ratio: 0.5 }
                """);

        assertThat(isCertain(rules, ERROR)).isFalse();
        assertThat(isCertain(rules, span().with("http.route", "/health"))).isTrue();
        assertThat(isCertain(withoutDrop, ERROR)).isTrue();
        assertThat(isCertain(withoutDrop, FINE)).isFalse();
        assertThat(isCertain(rules("latency: { at-least: 1s }"), span().from(0, 1000)))
                .isTrue();
        assertThat(isCertain(rules("latency: { at-least: 1s, at-most: 2s }"), span().from(0, 1000)))
                .isFalse();
        assertThat(isCertain(rules("span-count: { at-most: 1 }"), FINE)).isFalse();
        assertThat(isCertain(rules("span-count: { at-most: 1 }"), FINE, FINE)).isTrue();
        assertThat(isCertain(rules("not: { status: error }"), ERROR)).isTrue();
        assertThat(isCertain(rules("not: { status: error }"), FINE)).isFalse();
    }

    @Test
    void shouldNotBeCertainOfTheDiceBeforeTheRandomnessIs() {
        Rules rules = rules("ratio: 0.5");
        TestTrace trace = TestTrace.of(rules, FINE);

        assertThat(rules.decide(trace, false, 0, new Verdict())).isFalse();
        trace.randomnessCertain = true;
        assertThat(rules.decide(trace, false, 0, new Verdict())).isTrue();
    }

    private static boolean isCertain(Rules rules, TestSpan... spans) {
        return rules.decide(TestTrace.of(rules, spans), false, 0, new Verdict());
    }
}
