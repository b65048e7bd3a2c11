package dev.weir.sample.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** Asks policies, written as in a file, about traces. */
final class PolicyTester {

    private PolicyTester() {}

    /** Rules of a policy named p, written as the inside of its braces. */
    static Rules rules(String policy) {
        return file("- { name: p, " + policy + " }");
    }

    static Rules file(String yaml) {
        PolicyReader.Result result = PolicyReader.readFile(yaml);
        assertThat(result.faults()).isEmpty();
        return Rules.compile(result.policies(), null, System::nanoTime);
    }

    /** Whether the policy keeps a trace of these spans. */
    static boolean keeps(String policy, TestSpan... spans) {
        return decide(rules(policy), spans).isKept();
    }

    static Verdict decide(Rules rules, TestSpan... spans) {
        return decide(rules, TestTrace.of(rules, spans));
    }

    static Verdict decide(Rules rules, TraceFacts trace) {
        Verdict verdict = new Verdict();
        assertThat(rules.decide(trace, true, 0, verdict)).isTrue();
        return verdict;
    }

    /** The sentences of the faults of a policy, written as the inside of its braces. */
    static List<String> faults(String policy) {
        return PolicyReader.readFile("- { name: p, " + policy + " }").faults().stream()
                .map(PolicyFault::sentence)
                .toList();
    }
}
