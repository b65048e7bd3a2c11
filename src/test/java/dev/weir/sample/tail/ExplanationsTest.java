package dev.weir.sample.tail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.sample.policy.DecidedTrace;
import dev.weir.sample.policy.TraceFacts;
import java.time.Instant;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class ExplanationsTest {

    private static final long MILLIS = 1_700_000_000_123L;
    private static final long THRESHOLD = 0xc0_0000_0000_0000L;

    private final PolicyNames names = new PolicyNames();
    private final int errors = names.number("errors");
    private final Decision decision = new Decision();

    ExplanationsTest() {
        decision.isKept = true;
        decision.isProbabilityKnown = true;
        decision.policy = errors;
        decision.threshold = THRESHOLD;
    }

    @Test
    void shouldExplainADecision() {
        Explanations explanations = new Explanations(10_000, names);

        explanations.add(5, facts(1, 2, 12, 3_456), decision, 7, Reason.TOO_MANY_SPANS, MILLIS);

        assertThat(explanations.explain(5, 1, 2))
                .isEqualTo(new Explanation(
                        true,
                        "errors",
                        7,
                        THRESHOLD,
                        true,
                        Reason.TOO_MANY_SPANS,
                        Instant.ofEpochMilli(MILLIS),
                        12,
                        3_456,
                        0));
        assertThat(explanations.explain(5, 1, 3)).isNull();
        assertThat(explanations.explain(6, 1, 3)).isNull();
    }

    @Test
    void shouldCountWhatCameLate() {
        Explanations explanations = new Explanations(10_000, names);
        explanations.add(5, facts(1, 2, 12, 3_456), decision, 7, Reason.WAIT_OVER, MILLIS);

        explanations.late(5, 1, 2, 3);
        explanations.late(5, 1, 2, 4);
        explanations.late(5, 9, 9, 100);

        Explanation explanation = explanations.explain(5, 1, 2);
        assertThat(explanation).isNotNull();
        assertThat(explanation.lateSpans()).isEqualTo(7);
    }

    @Test
    void shouldGiveTheLastOfTwoDecisionsAboutATrace() {
        Explanations explanations = new Explanations(10_000, names);
        explanations.add(5, facts(1, 2, 1, 1), decision, 1, Reason.WAIT_OVER, MILLIS);
        explanations.add(5, facts(1, 2, 2, 2), decision, 2, Reason.MEMORY, MILLIS);

        Explanation explanation = explanations.explain(5, 1, 2);

        assertThat(explanation).isNotNull();
        assertThat(explanation.generation()).isEqualTo(2);
    }

    @Test
    void shouldForgetTheOldestAndNoOther() {
        SplittableRandom random = new SplittableRandom(1);
        Explanations explanations = new Explanations(100 * Explanations.BYTES_A_DECISION, names);
        long[] hashes = new long[1_000];
        for (int i = 0; i < hashes.length; i++) {
            hashes[i] = random.nextInt(50); // so that lists are long
            explanations.add(hashes[i], facts(i, i, i, i), decision, 1, Reason.CERTAIN, MILLIS);

            for (int j = Math.max(0, i - 101); j <= i; j++) {
                Explanation explanation = explanations.explain(hashes[j], j, j);
                if (j <= i - 100) {
                    assertThat(explanation).isNull();
                } else {
                    assertThat(explanation).isNotNull();
                    assertThat(explanation.spans()).isEqualTo(j);
                }
            }
        }
        assertThat(explanations.capacity()).isEqualTo(100);
    }

    @Test
    void shouldNumberPoliciesOnceAndShareTheLastResort() {
        assertThat(names.number("errors")).isEqualTo(errors);
        assertThat(names.name(errors)).isEqualTo("errors");
        for (int i = 0; i < 10_000; i++) {
            int number = names.number("p" + i);
            assertThat(number).isBetween(0, Remembered.MAX_POLICY);
            assertThat(names.name(number)).isEqualTo(number == 0 ? PolicyNames.OTHERS : "p" + i);
        }
        assertThat(names.number("p9999")).isZero();
        assertThat(names.name(8_000)).isNotEqualTo(PolicyNames.OTHERS);
    }

    private static TraceFacts facts(long idHigh, long idLow, int spans, long bytes) {
        return new DecidedTrace() {
            @Override
            public long traceIdHigh() {
                return idHigh;
            }

            @Override
            public long traceIdLow() {
                return idLow;
            }

            @Override
            public int spans() {
                return spans;
            }

            @Override
            public long bytes() {
                return bytes;
            }
        };
    }
}
