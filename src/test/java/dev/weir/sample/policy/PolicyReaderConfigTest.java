package dev.weir.sample.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyReaderConfigTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ name: p1, always: true }",
                "{ name: p2, status: [error] }",
                "{ name: p3, latency: { at-least: 500ms, at-most: 2s } }",
                "{ name: p4, string: { key: http.route, values: [/pay, /refund] } }",
                "{ name: p5, string: { key: http.route, matches: \"^/api/v[0-9]+/\" } }",
                "{ name: p6, string: { key: exception.type, in: event, values: [Timeout] } }",
                "{ name: p7, number: { key: http.response.status_code, at-least: 500, at-most: 599 } }",
                "{ name: p8, boolean: { key: app.debug, value: true } }",
                "{ name: p9, span-count: { at-least: 3, at-most: 5 } }",
                "{ name: p10, trace-state: { key: tier, values: [gold] } }",
                "{ name: p11, trace-flags: { sampled: true } }",
                "{ name: p12, scope: span, and: [ { string: { key: http.route, values: [/pay] } },"
                        + " { boolean: { key: app.debug, value: true } } ] }",
                "{ name: p13, or: [ { status: [error] }, { ratio: 0.1 } ] }",
                "{ name: p14, not: { status: [error] } }",
                "{ name: p15, drop: { string: { key: http.route, values: [/health] } } }",
                "{ name: p17, ratio: 0.10 }"
            })
    void shouldReadEveryType(String policy) {
        PolicyReader.Result result = PolicyReader.readFile("- " + policy);

        assertThat(result.faults()).isEmpty();
        assertThat(result.policies()).hasSize(1);
        assertThat(PolicyReader.readFile("policies: [" + policy + "]")
                        .policies()
                        .getFirst()
                        .policy())
                .isEqualTo(result.policies().getFirst().policy());
    }

    @Test
    void shouldFindPoliciesInTheConfiguration() {
        String yaml = """
                weir:
                  sample.tail:
                    decision-wait: 3s
                    policies:
                      - { name: all, always: true }
                """;

        PolicyReader.Result result = PolicyReader.readConfiguration(yaml);

        assertThat(result.faults()).isEmpty();
        assertThat(result.policies()).extracting(PolicyConfig::name).containsExactly("all");
        assertThat(result.policies().getFirst().line()).isEqualTo(5);
    }

    @Test
    void shouldReportAllFaultsAtOnceWithLineAndColumn() {
        String yaml = """
                - { name: errors, status: [eror] }
                - name: slow
                  latency:
                    at-least: fast
                - { name: errors, ratio: 2 }
                - { ratio: 0.5, status: [ok] }
                - { name: "a b", colour: red }
                """;

        List<String> faults = PolicyReader.readFile(yaml).faults().stream()
                .map(PolicyFault::toString)
                .toList();

        assertThat(faults)
                .contains(
                        "line 1, column 27: policy 'errors': status must be ok, error or unset, was 'eror'",
                        "line 4, column 15: policy 'slow': latency's at-least must be a duration such as 100ms, 1.5s,"
                                + " 2m or PT0.5S, was 'fast'",
                        "line 5, column 11: policy 'errors': there is another policy with this name",
                        "line 5, column 26: policy 'errors': ratio must be a number over 0 and at most 1, was '2'",
                        "line 6, column 3: a policy needs a name",
                        "line 6, column 3: a policy has exactly one type, this one has ratio and status",
                        "line 7, column 11: a policy's name is 1 to 64 letters, digits, '-', '_' and '.', was 'a b'")
                .hasSize(8);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ``                                                | tail sampling has no policies and would drop everything; write at least one
            []                                                | tail sampling has no policies and would drop everything; write at least one
            policies: []                                      | tail sampling has no policies and would drop everything; write at least one
            policies: 3                                       | policies must be a list, not '3'
            { policies: [{name: a, always: true}], x: 1 }     | a file of policies has only the key 'policies', not 'x'
            [3]                                               | a policy is a map such as { status: [error] }, not '3'
            [{name: none, always: true}]                      | the name none stands for what no policy matches, choose another
            [{name: overload, always: true}]                  | the name overload stands for what is let go at the door, choose another
            [{name: fault, always: true}]                     | the name fault stands for what cannot be judged, choose another
            [{name: a, always: false}]                        | always must be true, was 'false'; leave the policy out instead
            [{name: a, shadow: maybe, always: true}]          | shadow must be true or false, was 'maybe'
            [{name: a, shadow: true, always: true}]           | all policies are shadows, so that everything would be dropped; add one that keeps something
            [{name: a, always: true, always: true}]           | key 'always' is there twice
            [{name: a, not: {ratio: 0.5}}]                    | not cannot stand over a policy that keeps a share (ratio, rate, per-key, composite)
            [{name: a, not: {or: [{status: ok}, {and: [{ratio: 0.5}]}]}}] | not cannot stand over a policy that keeps a share (ratio, rate, per-key, composite)
            [{name: a, or: [{drop: {status: ok}}]}]           | drop stands before all other policies, not inside one
            [{name: a, or: [{name: b, status: ok}]}]          | 'name' belongs to a policy as a whole, not inside one
            [{name: a, or: []}]                               | or wants a list of at least one policy, not a list
            [{name: a, scope: span, or: [{span-count: {at-least: 2}}]}] | a scope of span or root wants conditions about spans only, without a scope of their own
            [{name: a, scope: child, status: ok}]             | scope must be trace, span or root, was 'child'
            [{name: a, always: true}, {name: b, status: ok}]  | can never be reached, because 'a' matches every trace before it; put it first, or remove one of them
            [{name: a, ratio: 0.5}, {name: b, status: ok}]    | can never be reached, because 'a' matches every trace before it; put it first, or remove one of them
            [{name: a, or: [{status: ok},{ratio: 0.5}]}, {name: b, status: ok}] | can never be reached, because 'a' matches every trace before it; put it first, or remove one of them
            [{name: b, status: ok}, {name: a, drop: {always: true}}] | can never be reached, because 'a' matches every trace before it; put it first, or remove one of them
            [{name: a, not: {always: true}}]                  | its condition can never hold; remove it
            [{name: a, status: &x ok}, {name: b, status: *x}] | aliases (*name) are not supported here, write it out
            """)
    void shouldReject(String yaml, String sentence) {
        assertThat(PolicyReader.readFile(yaml).faults())
                .extracting(PolicyFault::sentence)
                .contains(sentence);
    }

    @Test
    void shouldAllowWhatStandsBeforeTheOneThatMatchesEverything() {
        assertThat(PolicyReader.readFile(
                                "[{name: a, always: true}, {name: d, drop: {status: ok}}, {name: s, shadow: true, ratio: 1}]")
                        .faults())
                .isEmpty();
    }

    @Test
    void shouldBoundDepthCountAndConditions() {
        String deep = "{ not: ".repeat(20) + "{ status: ok }" + " }".repeat(20);
        String many = many(257, "status: ok");
        String conditions = many(
                200,
                "or: [ { string: { key: a%1$d, values: [b] } }, { string: { key: b%1$d, values: [b] } },"
                        + " { string: { key: c%1$d, values: [b] } } ]");

        assertThat(PolicyReader.readFile("- { name: a, or: [" + deep + "] }").faults())
                .extracting(PolicyFault::sentence)
                .containsExactly("policies are nested deeper than 16 levels");
        assertThat(PolicyReader.readFile(many).faults())
                .extracting(PolicyFault::sentence)
                .containsExactly("there may be at most 256 policies, these are 257");
        assertThat(PolicyReader.readFile(conditions).faults())
                .extracting(PolicyFault::sentence)
                .containsExactly("the policies have 600 different conditions about spans, at most 512 are possible");
    }

    private static String many(int count, String policy) {
        return IntStream.range(0, count)
                .mapToObj(i -> "- { name: p" + i + ", " + policy.formatted(i) + " }")
                .collect(Collectors.joining("\n"));
    }
}
