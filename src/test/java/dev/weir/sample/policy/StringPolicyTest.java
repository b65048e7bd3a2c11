package dev.weir.sample.policy;

import static dev.weir.sample.policy.PolicyTester.faults;
import static dev.weir.sample.policy.PolicyTester.keeps;
import static dev.weir.sample.policy.TestSpan.span;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.otlp.SpanView;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StringPolicyTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            values: [/pay, /refund]      | /pay               | true
            values: [/pay, /refund]      | /refund            | true
            values: [/pay, /refund]      | /pays              | false
            values: [/pay, /refund]      | /pa                | false
            values: [/pay, /refund]      | ``                 | false
            values: ['']                 | ``                 | true
            values: [Ω]                  | Ω                  | true
            matches: "^/api/v[0-9]+/"    | /api/v12/x         | true
            matches: "^/api/v[0-9]+/"    | /x/api/v12/        | false
            matches: "v[0-9]"            | /api/v1            | true
            starts-with: /api            | /api/x             | true
            starts-with: /api            | /ap                | false
            ends-with: .png              | a.png              | true
            ends-with: .png              | a.png?             | false
            contains: admin              | /x/admin/y         | true
            contains: admin              | admin              | true
            contains: admin              | /x/adm             | false
            """)
    void shouldCompareText(String test, String value, boolean kept) {
        assertThat(keeps("string: { key: k, " + test + " }", span().with("k", value)))
                .isEqualTo(kept);
    }

    @Test
    void shouldTakeOnlyStrings() {
        String policy = "string: { key: k, values: ['500', 'true'] }";

        assertThat(keeps(policy, span().with("k", 500))).isFalse();
        assertThat(keeps(policy, span().with("k", true))).isFalse();
        assertThat(keeps(policy, span().with("k", List.of("500")))).isFalse();
        assertThat(keeps(policy, span().with("other", "500"))).isFalse();
        assertThat(keeps(policy, span().with("k", "500"))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "'',          true,  true,  false, false, false",
        "'in: span,', true,  false, false, false, false",
        "'in: resource,', false, true,  false, false, false",
        "'in: scope,',    false, false, true,  false, false",
        "'in: event,',    false, false, false, true,  false",
        "'in: link,',     false, false, false, false, true"
    })
    void shouldLookWhereItIsTold(
            String in, boolean span, boolean resource, boolean scope, boolean event, boolean link) {
        String policy = "string: { key: k, " + in + " values: [v] }";

        assertThat(keeps(policy, span().with("k", "v"))).isEqualTo(span);
        assertThat(keeps(policy, span().resource("k", "v"))).isEqualTo(resource);
        assertThat(keeps(policy, span().scope("k", "v"))).isEqualTo(scope);
        assertThat(keeps(policy, span().event("k", "v"))).isEqualTo(event);
        assertThat(keeps(policy, span().link("k", "v"))).isEqualTo(link);
    }

    @Test
    void shouldFindLongValuesAndForgetTheLastResource() {
        String longValue = "x".repeat(300);
        Rules rules = PolicyTester.rules("string: { key: k, values: [" + longValue + "] }");

        assertThat(PolicyTester.decide(rules, span().with("k", longValue)).isKept())
                .isTrue();
        TestTrace other = TestTrace.of(rules, span().resource("k", longValue));
        SpanMatcher matcher = rules.newMatcher();
        byte[] resource = span().resource("k", longValue).resource.build().toByteArray();
        matcher.origin(resource, 0, resource.length, 0, 0);
        matcher.origin(resource, 0, 0, 0, 0);
        matcher.span(new byte[0], 0, 0);
        assertThat(PolicyTester.decide(rules, other).isKept()).isTrue();
        assertThat(matcher.bits(0)).isZero();
    }

    @Test
    void shouldFindTheLastOfVeryManyAttributes() {
        TestSpan span = span();
        for (int i = 0; i < 10 * SpanView.MOST_LISTED; i++) {
            span = span.with("a" + i, "x");
        }

        assertThat(keeps("string: { key: k, values: [v] }", span.with("k", "v")))
                .isTrue();
        assertThat(keeps("string: { key: a1, values: [x] }", span)).isTrue();
        assertThat(keeps("string: { key: a1, values: [v] }", span)).isFalse();
    }

    @Test
    void shouldSearchTheFirst4KiBOnly() {
        String policy = "string: { key: k, matches: needle }";

        assertThat(keeps(policy, span().with("k", "x".repeat(4091) + "needle"))).isFalse();
        assertThat(keeps(policy, span().with("k", "x".repeat(4080) + "needle" + "Ω".repeat(99))))
                .isTrue();
    }

    @Test
    void shouldRejectWhatCannotBeMeant() {
        assertThat(faults("string: { key: k }"))
                .containsExactly("string needs exactly one of values, matches, starts-with, ends-with, contains");
        assertThat(faults("string: { key: k, values: [a], matches: b }"))
                .containsExactly("string needs exactly one of values, matches, starts-with, ends-with, contains,"
                        + " not values and matches");
        assertThat(faults("string: { values: [a] }")).containsExactly("string needs the key 'key'");
        assertThat(faults("string: { key: k, values: [a], in: body }"))
                .containsExactly("in must be span, resource, scope, event or link, was 'body'");
        assertThat(faults("string: { key: k, matches: 'a(b' }"))
                .singleElement()
                .asString()
                .startsWith("RE2 does not accept the pattern 'a(b': ");
        assertThat(faults("string: { key: k, matches: '((a{1000}){1000}){1000}' }"))
                .singleElement()
                .asString()
                .startsWith("the pattern is too large");
        assertThat(faults("string: { key: k, values: [a], colour: b }"))
                .containsExactly("string has no key 'colour', only key, in, values, matches, starts-with, ends-with,"
                        + " contains");
        assertThat(faults("string: [a]"))
                .singleElement()
                .asString()
                .startsWith("string wants the keys key, in,")
                .endsWith("not a list");
    }
}
