package dev.weir.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.sample.ratio.RatioConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code weir.sample} in a file. */
final class SamplingConfigTest extends ConfigFileFixture {

    @Test
    void shouldSayWhenEachPolicyCanDecideWhereverItStands() throws IOException {
        String policies = """
                policies: [ { name: errors, status: [error] }, { name: few, span-count: { at-most: 3 } } ]
                """;
        Path other = Files.writeString(folder.resolve("policies.yaml"), policies);

        assertThat(whys(file("weir: { sample: { tail: { " + policies + " } } }")))
                .isEqualTo(whys(file("weir: { sample: { tail: { policies-file: \"" + other + "\" } } }")))
                .containsExactly(
                        "errors: as soon as its condition holds",
                        "few: never: spans still to come may change whether its condition holds");
        assertThat(whys(file("weir: { batch: { size: 1MiB } }"))).isEmpty();
    }

    @Test
    void shouldSampleNothingOutUnlessAsked() throws IOException {
        WeirConfig byDefault = ConfigFile.check(null, Map.of(), Map.of()).config();
        WeirConfig asked = ConfigFile.check(
                        file("weir: { sample: { ratio: { traces: 0.10, logs: 0.5, mode: proportional } } }"),
                        Map.of(),
                        Map.of())
                .config();

        assertThat(byDefault).isNotNull();
        assertThat(byDefault.sample().ratio().traces()).isEqualTo(1);
        assertThat(byDefault.sample().ratio().logs()).isEqualTo(1);
        assertThat(byDefault.sample().ratio().mode()).isEqualTo(RatioConfig.Mode.EQUALIZING);
        assertThat(asked).isNotNull();
        assertThat(asked.sample().ratio().traces()).isEqualTo(0.1);
        assertThat(asked.sample().ratio().logs()).isEqualTo(0.5);
        assertThat(asked.sample().ratio().mode()).isEqualTo(RatioConfig.Mode.PROPORTIONAL);
    }

    @Test
    void shouldRefuseRatiosOutsideOfZeroToOne() throws IOException {
        assertThat(faults("weir: { sample: { ratio: { traces: 0, logs: 1.1 } } }"))
                .containsExactlyInAnyOrder(
                        "weir.sample.ratio.traces: must be over 0 and at most 1, was 0.0",
                        "weir.sample.ratio.logs: must be over 0 and at most 1, was 1.1");
        assertThat(faults("weir: { sample: { ratio: { traces: NaN, mode: equal } } }"))
                .anyMatch(f -> f.startsWith("weir.sample.ratio.mode: "));
    }

    @Test
    void shouldLetPoliciesPassWhateverTheyHold() throws IOException {
        assertThat(faults("""
                weir:
                  sample:
                    tail:
                      decision-wait: 10s
                      policies:
                        - { name: errors, status: [error] }
                        - name: slow
                          and: [ { latency: { at-least: 500ms } }, { string: { key: a.b, values: [x, y] } } ]
                """)).isEmpty();
    }

    @Test
    void shouldSayWhereAPolicyIsAtFault() throws IOException {
        Path policies = Files.writeString(folder.resolve("policies.yaml"), "policies:\n  - { name: a, ratio: 2 }");

        assertThat(faults("weir:\n  sample:\n    tail: { policies: [ { name: a, ratio: 2 } ] }"))
                .singleElement()
                .asString()
                .startsWith("weir.sample.tail.policies: line 3, column ")
                .contains("'a'");
        assertThat(faults("weir: { sample: { tail: { policies-file: %s } } }".formatted(policies)))
                .singleElement()
                .asString()
                .startsWith("weir.sample.tail.policies-file: line 2, column ")
                .contains("'a'");
    }

    @Test
    void shouldRejectLogsThatFollowTracesWithoutPolicies() throws IOException {
        assertThat(faults("weir: { sample: { logs: follow-trace } }"))
                .containsExactly(
                        "weir.sample.logs: follow-trace needs traces that are decided; write weir.sample.tail.policies");
        assertThat(faults("weir: { sample: { logs: pass } }")).isEmpty();
        assertThat(faults(
                        "weir: { sample: { logs: follow-trace, tail: { policies: [ { name: a, always: true } ] } } }"))
                .isEmpty();
    }

    @Test
    void shouldRejectTailSamplingWithoutPolicies() throws IOException {
        assertThat(faults("weir: { sample: { tail: { decision-wait: 10s } } }"))
                .containsExactly("weir.sample.tail: there are no policies; write policies, or name a policies-file");
        assertThat(ConfigFile.check(null, Map.of("WEIR_SAMPLE_TAIL_DECISION_WAIT", "10s"), Map.of())
                        .faults())
                .containsExactly("weir.sample.tail: there are no policies; write policies, or name a policies-file");
    }

    @Test
    void shouldRejectPoliciesInTwoPlaces() throws IOException {
        Path policies = Files.writeString(folder.resolve("policies.yaml"), "policies: [ { name: a, always: true } ]");

        assertThat(faults("weir: { sample: { tail: { policies-file: %s, policies: [ { name: b, always: true } ] } } }"
                        .formatted(policies)))
                .containsExactly("weir.sample.tail.policies-file: there are policies here too, keep one of the two");
        assertThat(faults("weir: { sample: { tail: { policies-file: %s } } }".formatted(policies)))
                .isEmpty();
    }

    @Test
    void shouldRejectWhatOnlyBeginsLikePolicies() throws IOException {
        assertThat(faults("weir: { sample: { tail: { policies-fill: x, policies: [ { name: b, always: true } ] } } }"))
                .containsExactly("weir.sample.tail.policies-fill: there is no such setting");
    }

    @Test
    void shouldNameEveryFaultOfTailSampling() throws IOException {
        assertThat(faults("""
                weir:
                  memory: { limit: 256MiB }
                  sample:
                    tail:
                      decision-wait: 0s
                      decision-wait-after-root: 1h
                      buffer-size: 200MiB
                      max-trace-size: 1B
                      max-trace-spans: 0
                      compress-after: 0s
                      remember-size: 1KiB
                      policies-file: /nowhere.yaml
                """))
                .containsExactly(
                        "weir.sample.tail.decision-wait: must be between 1s and 600s, was PT0S",
                        "weir.sample.tail.decision-wait-after-root: must be between 0s and 600s, was PT1H",
                        "weir.sample.tail.buffer-size: must be between 4MiB and 192MiB with this memory limit, was 200MiB",
                        "weir.sample.tail.remember-size: must be between 64KiB and 64MiB with this memory limit, was 1KiB",
                        "weir.sample.tail.max-trace-size: must be between 1KiB and 1GiB, was 1B",
                        "weir.sample.tail.max-trace-spans: must be at least 1, was 0",
                        "weir.sample.tail.compress-after: must be more than nothing, was PT0S",
                        "weir.sample.tail.policies-file: there is no readable file /nowhere.yaml");
    }

    private static List<String> whys(Path file) {
        return ConfigFile.check(file, Map.of(), Map.of()).describePolicies().stream()
                .map(policy -> policy.name() + ": " + policy.why())
                .toList();
    }
}
