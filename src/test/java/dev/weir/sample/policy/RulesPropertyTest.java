package dev.weir.sample.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.sample.ratio.Threshold;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What holds for any policies and any spans. The seed of a failure is in its description. */
class RulesPropertyTest {

    private static final int RUNS = 4_000;

    @Test
    void shouldNeverContradictAnAnswerThatWasCertain() {
        int certain = 0;
        int certainOfShare = 0;
        for (int seed = 0; seed < RUNS; seed++) {
            RandomPolicies random = new RandomPolicies(seed);
            Rules rules = usable(random.file());
            if (rules == null) {
                continue;
            }
            List<TestSpan> spans =
                    Stream.generate(random::span).limit(1 + seed % 7).toList();
            double share = new Random(seed).nextDouble();
            TestTrace trace = new TestTrace(rules).randomness(share);
            trace.randomnessCertain = true;
            Verdict early = new Verdict();
            boolean decided = false;
            for (TestSpan span : spans) {
                trace.add(span);
                decided = decided || rules.decide(trace, false, 0, early);
            }
            Verdict last = PolicyTester.decide(rules, trace);
            if (decided) {
                certain++;
                certainOfShare += early.threshold() > 0 && early.threshold() < Threshold.NEVER ? 1 : 0;
                assertThat(early.isKept()).as("kept, seed %d", seed).isEqualTo(last.isKept());
                assertThat(early.threshold()).as("threshold, seed %d", seed).isEqualTo(last.threshold());
            }
        }
        assertThat(certain).as("runs with an early answer").isGreaterThan(RUNS / 20);
        assertThat(certainOfShare).as("of them with a share").isGreaterThan(RUNS / 200);
    }

    @Test
    void shouldDecideTheSameInAnyOrder() {
        int kept = 0;
        for (int seed = 0; seed < RUNS; seed++) {
            RandomPolicies random = new RandomPolicies(seed);
            Rules rules = usable(random.file());
            if (rules == null) {
                continue;
            }
            List<TestSpan> spans = new ArrayList<>(
                    Stream.generate(random::span).limit(2 + seed % 6).toList());
            Verdict first = PolicyTester.decide(rules, spans.toArray(TestSpan[]::new));
            Collections.shuffle(spans, new Random(seed));
            Verdict second = PolicyTester.decide(rules, spans.toArray(TestSpan[]::new));
            kept += first.isKept() ? 1 : 0;
            assertThat(second)
                    .as("seed %d", seed)
                    .extracting(Verdict::isKept, Verdict::policy, Verdict::threshold)
                    .containsExactly(first.isKept(), first.policy(), first.threshold());
        }
        assertThat(kept).isBetween(RUNS / 20, RUNS * 19 / 20);
    }

    /** Each kept trace stands for 1/p; together they must stand for all that match. */
    @Test
    void shouldKeepSharesFromWhichTheTruthCanBeReckoned() {
        String file = """
                - { name: errors, and: [ { status: error }, { ratio: 0.5 } ] }
                - { name: either, or: [ { and: [ { string: { key: a, values: [x] } }, { ratio: 0.25 } ] },
                                        { and: [ { string: { key: b, values: [x] } }, { ratio: 0.03 } ] } ] }
                - { name: both, and: [ { string: { key: c, values: [x] } }, { ratio: 0.3 }, { ratio: 0.07 } ] }
                - { name: rest, ratio: 0.01 }
                """;
        Rules rules = PolicyTester.file(file);
        List<TestTrace> kinds = List.of(
                TestTrace.of(rules, TestSpan.span().status(2)),
                TestTrace.of(
                        rules, TestSpan.span().with("a", "x"), TestSpan.span().with("b", "x")),
                TestTrace.of(rules, TestSpan.span().with("b", "x")),
                TestTrace.of(rules, TestSpan.span().with("c", "x")),
                TestTrace.of(rules, TestSpan.span()));
        int traces = 200_000;
        Random random = new Random(7);
        Verdict verdict = new Verdict();
        for (TestTrace kind : kinds) {
            double estimate = 0;
            double probability = 1;
            for (int i = 0; i < traces; i++) {
                kind.randomness = random.nextLong(1L << 56);
                rules.decide(kind, true, 0, verdict);
                probability = Threshold.probability(verdict.threshold());
                estimate += verdict.isKept() ? 1 / probability : 0;
            }
            double sigma = Math.sqrt(traces * (1 - probability) / probability);
            assertThat(Math.abs(estimate - traces)).as("with p %s", probability).isLessThan(4 * sigma);
        }
    }

    @Test
    void shouldReadAnyTextAsPoliciesOrAsFaults() {
        Random random = new Random(1);
        String letters = "{}[]:,-&*'\"\n\t #|>%@!abc019.\\\u0000Ω";
        int usable = 0;
        for (int seed = 0; seed < RUNS; seed++) {
            StringBuilder text = new StringBuilder(new RandomPolicies(seed).file());
            for (int i = random.nextInt(3); i > 0; i--) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(3)) {
                    case 0 -> text.deleteCharAt(at);
                    case 1 -> text.insert(at, letters.charAt(random.nextInt(letters.length())));
                    default -> text.setCharAt(at, letters.charAt(random.nextInt(letters.length())));
                }
            }
            PolicyReader.Result result = PolicyReader.readFile(text.toString());
            PolicyReader.readConfiguration(text.toString());
            if (result.faults().isEmpty()) {
                usable++;
                Rules.compile(result.policies(), null, System::nanoTime).newMatcher();
            }
        }
        assertThat(usable).isBetween(RUNS / 20, RUNS * 19 / 20);
    }

    private static Rules usable(String file) {
        PolicyReader.Result result = PolicyReader.readFile(file);
        return result.faults().isEmpty() ? Rules.compile(result.policies(), null, System::nanoTime) : null;
    }
}
