package dev.weir.sample.policy;

import static dev.weir.sample.policy.PolicyTester.faults;
import static dev.weir.sample.policy.TestSpan.root;
import static dev.weir.sample.policy.TestSpan.span;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weir.sample.ratio.Threshold;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PerKeyPolicyTest {

    private static final long SECOND = 1_000_000_000L;
    private static final String POLICY = "per-key: { keys: [service.name, http.route], spans-per-second: 20 }";

    private final Rules rules = PolicyTester.rules(POLICY);
    private final Verdict verdict = new Verdict();
    private final Random random = new Random(1);

    private long hash(TestSpan... spans) {
        return new KeyValues(List.of("service.name", "http.route"), 42).hash(TestTrace.of(rules, spans));
    }

    private boolean decide(TestTrace trace, long nowNanos) {
        trace.randomness = random.nextLong() & Threshold.NEVER - 1;
        assertThat(rules.decide(trace, true, nowNanos, verdict)).isTrue();
        return verdict.isKept();
    }

    @Test
    void shouldSayHowManyValuesHaveARateOfTheirOwn() {
        assertThat(rules.describe().getFirst().keyValues()).hasValue(0);
        decide(TestTrace.of(rules, root().with("http.route", "/cart")), SECOND);
        decide(TestTrace.of(rules, root().with("http.route", "/refund")), SECOND);

        assertThat(rules.describe().getFirst().keyValues()).hasValue(2);
        assertThat(PolicyTester.rules("ratio: 0.5").describe().getFirst().keyValues())
                .isEmpty();
    }

    @Test
    void shouldKeepRareValuesWholeBesideFrequentOnes() {
        // Given
        TestTrace frequent = TestTrace.of(rules, root().with("http.route", "/cart"));
        TestTrace rare = TestTrace.of(rules, root().with("http.route", "/refund"));
        int keptFrequent = 0;
        int keptRare = 0;
        double estimate = 0;

        // When
        for (int i = 0; i < 60_000; i++) {
            long now = i * SECOND / 1000;
            if (decide(frequent, now) && i >= 10_000) {
                keptFrequent++;
                estimate += 1 / Threshold.probability(verdict.threshold());
            }
            if (i % 500 == 0 && decide(rare, now)) {
                assertThat(verdict.threshold()).isEqualTo(Threshold.ALWAYS);
                keptRare++;
            }
        }

        // Then
        assertThat(keptRare).isEqualTo(60_000 / 500);
        assertThat(keptFrequent / 50.0).isCloseTo(20, within(2.0));
        assertThat(estimate).isCloseTo(50_000, within(4 * Math.sqrt(50_000 * 50.0)));
    }

    @Test
    void shouldTakeTheRootsValueWhateverTheOthersHave() {
        TestSpan root = root().with("http.route", "/a").resource("service.name", "web");
        TestSpan other = span().with("http.route", "/b").resource("service.name", "db");

        assertThat(hash(root, other)).isEqualTo(hash(other, root)).isEqualTo(hash(root));
        assertThat(hash(other)).isNotEqualTo(hash(root));
    }

    @Test
    void shouldTakeTheSetOverAllSpansWithoutARootOrItsValue() {
        TestSpan a = span().with("http.route", "/a");
        TestSpan b = span().with("http.route", "/b");

        assertThat(hash(a, b, a)).isEqualTo(hash(b, a)).isNotEqualTo(hash(a)).isNotEqualTo(hash(b));
        assertThat(hash(root(), a, b)).isEqualTo(hash(b, a));
        assertThat(hash()).isEqualTo(hash(root())).isNotEqualTo(hash(a));
    }

    @Test
    void shouldNotTakeValuesOfOneKeyForThoseOfAnother() {
        assertThat(hash(root().with("http.route", "x"))).isNotEqualTo(hash(root().with("service.name", "x")));
        assertThat(hash(root().with("http.route", "1"))).isNotEqualTo(hash(root().with("http.route", 1)));
    }

    @Test
    void shouldReadTheSameHundredOfTooManyValuesInAnyOrder() {
        List<TestSpan> spans = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            spans.add(span().with("http.route", "/" + i));
        }
        long first = hash(spans.toArray(TestSpan[]::new));
        Collections.shuffle(spans, random);

        assertThat(hash(spans.toArray(TestSpan[]::new))).isEqualTo(first);
    }

    @Test
    void shouldBoundTheRatesAndLetTheLeastRecentlyUsedGo() {
        // Given
        KeyTable table = new KeyTable(new RateLimits(1, Double.POSITIVE_INFINITY, SECOND), 100);
        for (int key = 0; key < 100; key++) {
            table.find(key, key);
        }
        RateState oldest = table.find(1, 200);
        RateState next = table.find(0, 201);

        // When, Then: all were seen just now, so that the new ones share a rate
        RateState shared = table.find(1000, 300);
        assertThat(table.find(1001, 301)).isSameAs(shared);
        assertThat(table.size()).isEqualTo(100);

        // When, Then: later the least recently used gives its place to a new one
        long later = 100 * SECOND;
        assertThat(table.find(1000, later)).isNotSameAs(shared).isNotSameAs(oldest);
        assertThat(table.find(0, later)).isSameAs(next);
        assertThat(table.size()).isEqualTo(100);
    }

    @Test
    void shouldKeepAFloodOfValuesUnderOneRate() {
        // Given
        KeySettings settings = new KeySettings(List.of("id"), new RateLimits(20, Double.POSITIVE_INFINITY, 2 * SECOND));
        KeySource source = new KeySource(settings);
        int kept = 0;

        // When 60,000 values come in three seconds
        for (int i = 0; i < 60_000; i++) {
            TestTrace each = TestTrace.of(rules, root().with("id", i));
            each.randomness = random.nextLong() & Threshold.NEVER - 1;
            long now = i * SECOND / 20_000;
            long threshold = source.threshold(each, now);
            kept += Threshold.keeps(each.randomness, threshold) && source.admits(each, now) ? 1 : 0;
        }

        // Then what is over the 10,000 that have a rate of their own is under one rate
        assertThat(source.tracked()).isEqualTo(KeySettings.MOST_TRACKED);
        assertThat(kept).isBetween(KeySettings.MOST_TRACKED, KeySettings.MOST_TRACKED + 20 * (3 + 2) + 20);
    }

    @Test
    void shouldRejectWhatCannotBeMeant() {
        assertThat(faults("per-key: { spans-per-second: 5 }"))
                .containsExactly("per-key needs the key 'keys', a list of attributes");
        assertThat(faults("per-key: { keys: [a] }")).containsExactly("per-key needs the key 'spans-per-second'");
        assertThat(faults("per-key: { keys: [a, a], spans-per-second: 5 }"))
                .containsExactly("per-key's keys must be 1 to 8 different names of attributes");
        assertThat(faults("per-key: { keys: [a], spans-per-second: 0 }"))
                .containsExactly("per-key's spans-per-second must be a number from 0.001 to 1000000000");
    }
}
