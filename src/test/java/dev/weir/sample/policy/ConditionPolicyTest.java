package dev.weir.sample.policy;

import static dev.weir.sample.policy.PolicyTester.faults;
import static dev.weir.sample.policy.TestSpan.root;
import static dev.weir.sample.policy.TestSpan.span;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConditionPolicyTest {

    private static boolean keeps(String condition, TestSpan... spans) {
        return PolicyTester.keeps("condition: \"" + condition + "\"", spans);
    }

    private static ConditionPolicy policy(String condition) throws ConditionException {
        return ConditionPolicy.of(condition);
    }

    @Test
    void shouldReadTheExampleOfTheDocumentation() throws ConditionException {
        String condition = "spans.filter(s, s.attributes['http.response.status_code'] >= 500).size() >= 2"
                + " && trace.duration > duration('1s')";
        TestSpan failed = span().with("http.response.status_code", 503);
        TestSpan fine = span().with("http.response.status_code", 200);
        TestSpan slow = root().from(0, 1001);

        assertThat(policy(condition).isTranslated()).isTrue();
        assertThat(keeps(condition, failed, fine, failed, slow)).isTrue();
        assertThat(keeps(condition, failed, fine, slow)).isFalse();
        assertThat(keeps(condition, failed, failed, root().from(0, 1000))).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            trace.span_count > 1                                              | true  | true
            spans.size() == 2 && trace.error_count == 1                       | true  | true
            trace.root.name == 'GET /' && trace.root.status != 'error'        | true  | true
            spans.exists(s, s.kind == 'client' && s.status == 'error')        | true  | true
            spans.exists(s, s.is_root && s.status == 'error')                 | true  | false
            spans.all(s, s.resource['service.name'] == 'shop')                | true  | true
            spans.exists(s, s.attributes['n'] in [1, 7])                      | true  | true
            spans.exists(s, s.attributes['n'] == '7')                         | true  | false
            spans.exists(s, s.attributes['missing'] != 1)                     | true  | false
            !spans.exists(s, s.attributes['missing'] == 1)                    | true  | true
            spans.exists(s, has(s.attributes.n) && s.name.startsWith('SEL'))  | true  | true
            spans.exists(s, s.name.matches('^S.*T$'))                         | true  | true
            spans.exists(s, s.duration >= duration('5ms') + duration('5ms'))  | true  | false
            spans.exists(s, s.duration == duration('3ms'))                    | true  | true
            size(spans[1].name) == 6                                          | false | true
            spans.exists(s, s.events.exists(e, e.name == 'e'))                | false | true
            spans.exists(s, s.events.exists(e, e.attributes['k'] == 'v'))     | false | true
            spans.map(s, s.status).filter(s, s == 'ok').size() == 1           | false | true
            spans.exists(a, spans.exists(b, a.attributes['n'] < b.attributes['n'])) | false | false
            spans.exists(s, s.attributes['tags'].exists(t, t == 'red'))       | false | true
            spans.exists(s, s.attributes['tags'][1] == 'blue')                | false | true
            spans.exists(s, 'red' in s.attributes['tags'])                    | false | true
            spans.exists(s, 'red' in s.attributes['missing'])                 | false | false
            spans.exists(s, s.attributes['n'] > 'a')                          | false | false
            spans.exists(s, s.duration < trace.duration)                      | false | true
            trace.root.attributes['n'] == 7                                   | true  | false
            """)
    void shouldHoldAsItSays(String condition, boolean translated, boolean holds) throws ConditionException {
        TestSpan root = root().status(1).from(0, 9).kind(2).resource("service.name", "shop");
        TestSpan query = span().name("SELECT")
                .status(2)
                .kind(3)
                .from(1, 4)
                .with("n", 7)
                .with("tags", List.of("red", "blue"))
                .event("k", "v")
                .resource("service.name", "shop");

        assertThat(policy(condition).isTranslated()).isEqualTo(translated);
        assertThat(keeps(condition, root, query)).isEqualTo(holds);
        assertThat(keeps(condition, root, query)).isEqualTo(holds);
    }

    @Test
    void shouldFindNothingInARootThatDidNotCome() throws ConditionException {
        for (String condition : List.of(
                "trace.root.name == ''",
                "trace.root.name != 'x'",
                "trace.root.is_root",
                "trace.root.duration < duration('1s')",
                "'k' in trace.root.attributes")) {
            assertThat(keeps(condition, span())).as(condition).isFalse();
            assertThat(keeps(condition + " && size(spans[0].name) == 5", span()))
                    .as(condition)
                    .isFalse();
        }
    }

    @Test
    void shouldCountAnErrorAsNotFulfilled() throws ConditionException {
        ConditionPolicy policy = policy("spans[7].name == 'x' || trace.span_count > 1");
        Rules rules = Rules.compile(List.of(new PolicyConfig("p", policy)), null, System::nanoTime);

        assertThat(PolicyTester.decide(rules, span()).isKept()).isFalse();
        assertThat(policy.stats().failed()).isOne();
        assertThat(PolicyTester.decide(rules, span(), span()).isKept()).isTrue();
        assertThat(policy.stats().evaluated())
                .as("what is cheap is asked first")
                .isOne();
    }

    @Test
    void shouldSayWhatIsTranslatedAndGoOnCountingOverAReload() {
        // Given
        String cheap = "- { name: cheap, condition: 'trace.span_count > 5' }";
        String costly = "- { name: costly, and: [ { condition: 'size(spans[0].name) > 5' }, { ratio: 0.5 } ] }";
        Rules rules = PolicyTester.file(cheap + "\n" + costly);
        PolicyTester.decide(rules, span());

        // When
        Rules reloaded = Rules.compile(PolicyReader.readFile(costly).policies(), rules, System::nanoTime);
        PolicyTester.decide(reloaded, span());

        // Then
        assertThat(rules.describe().getFirst().conditions())
                .extracting(ConditionStatus::source, ConditionStatus::translated)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("trace.span_count > 5", true));
        ConditionStatus status = reloaded.describe().getFirst().conditions().getFirst();
        assertThat(status.translated()).isFalse();
        assertThat(status.stats().evaluated()).isEqualTo(2);
        assertThat(status.stats().failed()).isZero();
    }

    @Test
    void shouldEndLoopsThatRunTooLong() throws ConditionException {
        ConditionPolicy policy =
                policy("spans.all(a, spans.all(b, spans.all(c, size(a.name) + size(b.name) + size(c.name) >= 0)))");
        Rules rules = Rules.compile(List.of(new PolicyConfig("p", policy)), null, System::nanoTime);
        TestSpan[] spans = new TestSpan[60];
        java.util.Arrays.setAll(spans, i -> span());

        assertThat(PolicyTester.decide(rules, spans).isKept()).isFalse();
        assertThat(policy.stats().failed()).isOne();
        assertThat(PolicyTester.decide(rules, spans[0], spans[1]).isKept()).isTrue();
    }

    @Test
    void shouldNotLookAtTracesThatAreTooLarge() throws ConditionException {
        ConditionPolicy policy = policy("size(spans[0].name) >= 0");
        Rules rules = Rules.compile(List.of(new PolicyConfig("p", policy)), null, System::nanoTime);
        TestTrace trace = TestTrace.of(rules, span().with("k", "x".repeat(5 << 20)));

        assertThat(PolicyTester.decide(rules, trace).isKept()).isFalse();
        assertThat(policy.stats().tooLarge()).isOne();
    }

    @Test
    void shouldSayWhereItIsWrong() {
        assertThat(faults("condition: \"spans.exists(s, s.colour == 'red')\""))
                .containsExactly("the condition is wrong at its column 18: undefined field 'colour'");
        assertThat(faults("condition: \"trace.span_count > \""))
                .singleElement()
                .asString()
                .startsWith("the condition is wrong at its column 20: mismatched input '<EOF>'");
        assertThat(faults("condition: \"trace.span_count\""))
                .singleElement()
                .asString()
                .contains("expected type 'bool' but found 'int'");
        assertThat(faults("condition: \"spans.exists(s, s.name > 5)\""))
                .singleElement()
                .asString()
                .contains("no matching overload");
        assertThat(faults("condition: \"spans.exists(s, s.status == 'ERROR')\""))
                .containsExactly("a span's status is one of unset, ok, error, never 'ERROR'");
        assertThat(faults("condition: \"spans.exists(s, s.name.matches('a('))\""))
                .containsExactly("RE2 does not accept the pattern 'a(': missing closing )");
        assertThat(faults("condition: \"trace.duration > duration('soon')\""))
                .singleElement()
                .asString()
                .startsWith("the condition has a constant that has no value");
        assertThat(faults("condition: { a: b }"))
                .containsExactly("condition must be a text, an expression of CEL, was a map");
        assertThat(faults("condition: \"" + "(".repeat(2000) + "\"")).isNotEmpty();
    }

    @Test
    void shouldBeEqualToAnotherByItsText() throws ConditionException {
        assertThat(policy("trace.span_count > 1"))
                .isEqualTo(policy("trace.span_count > 1"))
                .isNotEqualTo(policy("trace.span_count > 2"));
    }
}
