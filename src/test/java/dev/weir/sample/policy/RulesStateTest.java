package dev.weir.sample.policy;

import static dev.weir.sample.policy.PolicyTester.decide;
import static dev.weir.sample.policy.TestSpan.span;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.sample.ratio.Threshold;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What rules count, what they keep over a reload, and the seam for shares that depend on the load. */
class RulesStateTest {

    private static final String FILE = """
            - { name: shadow, shadow: true, status: error }
            - { name: drops, drop: { string: { key: k, values: [no] } } }
            - { name: errors, status: error }
            - { name: half, and: [ { string: { key: k, values: [half] } }, { ratio: 0.5 } ] }
            - { name: would, shadow: true, always: true }
            """;

    @Test
    void shouldCountWhatPoliciesDid() {
        Rules rules = PolicyTester.file(FILE);

        decide(rules, span().status(2), span());
        decide(rules, span().status(2).with("k", "no"));
        decide(rules, TestTrace.of(rules, span().with("k", "half")).randomness(0.1));
        decide(rules, TestTrace.of(rules, span().with("k", "half")).randomness(0.9));
        decide(rules, span());
        rules.decide(TestTrace.of(rules, span()), false, 0, new Verdict());

        assertThat(numbers(rules))
                .containsEntry("drops", "5 1 0 0 0")
                .containsEntry("shadow", "5 2 2 3 0")
                .containsEntry("errors", "4 1 1 2 0")
                .containsEntry("half", "3 2 1 1 0")
                .containsEntry("would", "5 5 5 6 1");
        assertThat(rules.none().matched()).isEqualTo(1);
        assertThat(stats(rules, "errors").bytes()).isPositive();
    }

    @Test
    void shouldKeepStateOfPoliciesThatStayAsTheyWere() {
        Rules before = PolicyTester.file(FILE);
        decide(before, span().status(2));

        Rules after = Rules.compile(
                PolicyReader.readFile(FILE.replace("ratio: 0.5", "ratio: 0.4") + "- { name: new, always: true }")
                        .policies(),
                before,
                System::nanoTime);
        decide(after, span().status(2));

        assertThat(after.generation()).isEqualTo(before.generation() + 1);
        assertThat(numbers(after)).containsEntry("errors", "2 2 2 2 0").containsEntry("half", "0 0 0 0 0");
    }

    @Test
    void shouldMeasureCost() {
        AtomicLong clock = new AtomicLong();
        Rules rules = Rules.compile(PolicyReader.readFile(FILE).policies(), null, () -> clock.addAndGet(100));

        decide(rules, span().status(2));

        assertThat(stats(rules, "errors").costNanos()).isEqualTo(100);
    }

    @Test
    void shouldSayWhichPoliciesDecideEarly() {
        Rules rules = PolicyTester.file(FILE + """
                - { name: quick, latency: { at-most: 1s } }
                - { name: rest, ratio: 0.5 }
                """);

        Map<String, String> why =
                rules.describe().stream().collect(Collectors.toMap(PolicyStatus::name, PolicyStatus::why));

        assertThat(rules.describe())
                .filteredOn(PolicyStatus::decidesEarly)
                .extracting(PolicyStatus::name)
                .containsExactly("drops");
        assertThat(why)
                .containsEntry("drops", "as soon as its condition holds")
                .containsEntry("errors", "never: 'drops' before it may still match, with another outcome")
                .containsEntry("quick", "never: spans still to come may change whether its condition holds")
                .containsEntry("would", "never: it is a shadow");
        assertThat(PolicyTester.file("- { name: e, status: error }\n- { name: l, latency: { at-least: 1s } }")
                        .describe())
                .extracting(PolicyStatus::decidesEarly)
                .containsExactly(true, true);
    }

    @Test
    void shouldAskSourcesOnceATraceAndKeepThemOverReloads() {
        // Given
        Source.STARTED.set(0);
        PolicyConfig config = new PolicyConfig("load", new Loaded(new Settings(3)));
        Rules rules = Rules.compile(List.of(config), null, System::nanoTime);
        Rules same = Rules.compile(List.of(config), rules, System::nanoTime);
        Rules other =
                Rules.compile(List.of(new PolicyConfig("load", new Loaded(new Settings(4)))), rules, System::nanoTime);

        // When
        Verdict admitted = decide(rules, TestTrace.of(rules, span()).randomness(0.9));
        Verdict refused = decide(same, TestTrace.of(rules, span()).randomness(0.9));
        Verdict lost = decide(same, TestTrace.of(rules, span()).randomness(0.1));

        // Then
        assertThat(Source.STARTED).hasValue(2);
        assertThat(admitted).extracting(Verdict::isKept, Verdict::policy).containsExactly(true, "load");
        assertThat(admitted.isProbabilityKnown()).isFalse();
        assertThat(refused).extracting(Verdict::isKept, Verdict::policy).containsExactly(false, "load.ceiling");
        assertThat(lost).extracting(Verdict::isKept, Verdict::policy).containsExactly(false, "load");
        assertThat(other.decide(TestTrace.of(other, span()), false, 0, new Verdict()))
                .isFalse();
    }

    private record Settings(int ceiling) implements ThresholdSource.Settings {
        @Override
        public ThresholdSource start() {
            Source.STARTED.incrementAndGet();
            return new Source();
        }
    }

    /** Admits one trace, and keeps half. */
    private static final class Source implements ThresholdSource {
        static final AtomicInteger STARTED = new AtomicInteger();

        private int asked;

        @Override
        public long threshold(TraceFacts facts, long nowNanos) {
            return Threshold.NEVER / 2;
        }

        @Override
        public boolean admits(TraceFacts facts, long nowNanos) {
            return asked++ == 0;
        }

        @Override
        public boolean isProbabilityKnown(long nowNanos) {
            return false;
        }
    }

    private record Loaded(Settings settings) implements Policy {
        @Override
        public TraceCondition condition() {
            return new TraceCondition.Always();
        }

        @Override
        public Outcome outcome(Function<Policy, TraceCondition> conditions) {
            return new Outcome.Chosen(settings);
        }
    }

    private static PolicyStats stats(Rules rules, String name) {
        return rules.describe().stream()
                .filter(status -> status.name().equals(name))
                .findAny()
                .orElseThrow()
                .stats();
    }

    private static Map<String, String> numbers(Rules rules) {
        return rules.describe().stream()
                .collect(Collectors.toMap(
                        PolicyStatus::name,
                        status -> status.stats().evaluated() + " "
                                + status.stats().matched() + " "
                                + status.stats().kept() + " "
                                + status.stats().spans() + " "
                                + status.stats().changed()));
    }
}
