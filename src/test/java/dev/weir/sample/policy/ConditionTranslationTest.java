package dev.weir.sample.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** What is translated says the same as the expression does when dev.cel evaluates it. */
class ConditionTranslationTest {

    @Property(tries = 500, shrinking = ShrinkingMode.OFF)
    void shouldAgreeWithTheEvaluationOfTheWhole(@ForAll long seed) throws ConditionException {
        // Given
        RandomConditions random = new RandomConditions(seed);
        String condition = random.condition();
        ConditionPolicy policy = ConditionPolicy.of(condition);
        assertThat(policy.isTranslated()).as(condition).isTrue();
        ConditionStats stats = new ConditionStats();
        TraceCondition.TracePredicate evaluated = ConditionPolicy.evaluated(condition, stats);
        Rules rules = Rules.compile(List.of(new PolicyConfig("p", policy)), null, System::nanoTime);

        for (int i = 0; i < 5; i++) {
            // When
            TestTrace trace = TestTrace.of(rules, random.trace());

            // Then
            assertThat(PolicyTester.decide(rules, trace).isKept())
                    .as("%s of %s", condition, trace)
                    .isEqualTo(evaluated.test(trace));
        }
        assertThat(stats.failed()).as(condition).isZero();
    }

    @Property(tries = 150, shrinking = ShrinkingMode.OFF)
    void shouldAgreeWhenOnlyAPartIsTranslated(@ForAll long seed) throws ConditionException {
        // Given
        RandomConditions random = new RandomConditions(seed);
        String untranslatable = "spans.exists(s, size(s.name) == 1 && s.attributes['a'] + 1 > 5)";
        String condition = random.condition()
                + (seed % 2 == 0 ? " && " : " || ")
                + untranslatable
                + (seed % 3 == 0 ? " && " : " || ")
                + random.condition();
        ConditionPolicy policy = ConditionPolicy.of(condition);
        assertThat(policy.isTranslated()).isFalse();
        TraceCondition.TracePredicate evaluated = ConditionPolicy.evaluated(condition, new ConditionStats());
        Rules rules = Rules.compile(List.of(new PolicyConfig("p", policy)), null, System::nanoTime);

        for (int i = 0; i < 5; i++) {
            // When
            TestTrace trace = TestTrace.of(rules, random.trace());

            // Then
            assertThat(PolicyTester.decide(rules, trace).isKept()).as(condition).isEqualTo(evaluated.test(trace));
        }
    }
}
