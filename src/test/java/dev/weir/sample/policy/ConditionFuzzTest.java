package dev.weir.sample.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** Whatever stands in a condition, it is read or refused with a sentence, and what is read decides. */
class ConditionFuzzTest {

    private static final List<String> PIECES = List.of(
            "spans",
            "trace",
            "s",
            "(",
            ")",
            "[",
            "]",
            "{",
            "}",
            ".",
            ",",
            "?",
            ":",
            "!",
            "-",
            "&&",
            "||",
            "==",
            "<",
            " in ",
            "exists",
            "filter",
            "map",
            "size",
            "has",
            "root",
            "name",
            "attributes",
            "events",
            "duration",
            "'k'",
            "1",
            "2.5",
            "1u",
            "true",
            "null",
            "'5s'",
            "duration('1s')",
            "timestamp('2026-01-01T00:00:00Z')",
            "b'x'",
            "type",
            "dyn",
            "matches('(')",
            "9223372036854775807",
            "/0",
            "%0",
            "+",
            "*",
            "\"",
            "\\",
            "Ω",
            "\n",
            "@result",
            "weir_equal");

    @Property(tries = 1000, shrinking = ShrinkingMode.OFF)
    void shouldReadOrRefuse(@ForAll long seed) {
        // Given
        Random random = new Random(seed);
        String condition = new RandomConditions(seed).condition();
        StringBuilder text = new StringBuilder(condition.substring(0, Math.min(condition.length(), 400)));
        for (int i = random.nextInt(4); i >= 0; i--) {
            int from = random.nextInt(text.length() + 1);
            int to = Math.min(text.length(), from + random.nextInt(6));
            text.replace(from, to, PIECES.get(random.nextInt(PIECES.size())));
        }

        // When
        ConditionPolicy policy;
        try {
            policy = ConditionPolicy.of(text.toString());
        } catch (ConditionException e) {
            assertThat(e.getMessage()).isNotBlank();
            return;
        }

        // Then
        Rules rules = Rules.compile(List.of(new PolicyConfig("p", policy)), null, System::nanoTime);
        TestTrace trace = TestTrace.of(rules, new RandomConditions(seed).trace());
        assertThat(rules.decide(trace, true, 0, new Verdict())).isTrue();
    }
}
