package dev.weir.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.sample.policy.PolicyStatus;
import dev.weir.sample.ratio.RatioConfig;
import dev.weir.sample.ratio.RatioSettings;
import dev.weir.sample.tail.FaultyPoliciesException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code weir.yaml} that changes while the process runs. */
class LiveConfigTest {

    private static final String TENTH = "  sample:\n    ratio: { traces: 0.1 }\n";
    private static final String ERRORS = "    tail: { policies: [ { name: errors, status: [error] } ] }\n";

    @TempDir
    Path directory;

    private Path file;
    private final List<RatioConfig> used = new ArrayList<>();

    @BeforeEach
    void setUp() {
        file = directory.resolve("weir.yaml");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ERRORS})
    void shouldUseAnotherRatio(String tail) throws Exception {
        try (LiveConfig live = started(TENTH + tail)) {
            assertThat(live.ratio().traces()).isEqualTo(0.1);
            place("  sample:\n    ratio: { traces: 0.2, logs: 0.5, mode: proportional }\n" + tail);

            assertThat(live.reload()).isEmpty();

            RatioSettings changed = new RatioSettings(0.2, 0.5, RatioConfig.Mode.PROPORTIONAL);
            assertThat(live.ratio()).isEqualTo(changed);
            assertThat(used).last().isEqualTo(changed);
            assertThat(live.ratioReloads()).isEqualTo(1);
            assertThat(live.needRestart()).isEmpty();
            live.policies().ifPresent(policies -> {
                assertThat(policies.reloads()).as("the policies are the same").isZero();
                assertThat(policies.current().generation()).isEqualTo(1);
            });
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "  sample:\n    ratio: { traces: 1.5 }\n    tail: { policies: [ { name: slow, latency: { at-least: 1s } } ] }\n",
                "  sample:\n    ratio: { traces: 0.2 }\n    tail: { policies: [ { name: slow, latency: { at-laest: 1s } } ] }\n",
                "  sample:\n    ratio: { traces: 0.2 }\n    tail: { policies: [ { name: slow, latency: { at-least: 1s } } ] }\n  bathc: {}\n  batch: { size: much }\n",
                "  sample:\n    ratio: { traces: 0.2 }\n",
                "  sample: [\n",
            })
    void shouldUseBothThePoliciesAndTheRatioOrNone(String faulty) throws Exception {
        try (LiveConfig live = started(TENTH + ERRORS)) {
            place(faulty);

            assertThat(live.reload()).isNotEmpty();

            assertThat(live.faults()).isNotEmpty();
            assertThat(live.ratio().traces()).isEqualTo(0.1);
            assertThat(policies(live)).containsExactly("errors");

            place("  sample:\n    ratio: { traces: 0.3 }\n"
                    + "    tail: { policies: [ { name: slow, latency: { at-least: 1s } } ] }\n");

            assertThat(live.reload()).isEmpty();
            assertThat(live.ratio().traces()).isEqualTo(0.3);
            assertThat(policies(live)).containsExactly("slow");
        }
    }

    @ParameterizedTest
    @CsvSource({"1s, much, false", "abc, much, true", "abc, 512KiB, true"})
    void shouldSayWhetherItIsThePoliciesThatAreFaulty(String least, String size, boolean arePolicies) throws Exception {
        try (LiveConfig live = started(TENTH + ERRORS)) {
            place("  batch: { size: " + size + " }\n" + TENTH
                    + "    tail: { policies: [ { name: slow, latency: { at-least: " + least + " } } ] }\n");

            assertThat(live.reload()).isNotEmpty();
            assertThat(live.policies().orElseThrow().arePoliciesFaulty()).isEqualTo(arePolicies);

            place(TENTH + ERRORS);

            assertThat(live.reload()).isEmpty();
            assertThat(live.policies().orElseThrow().arePoliciesFaulty()).isFalse();
        }
    }

    @Test
    void shouldNameWhatNeedsARestartButNotItsValue() throws Exception {
        try (LiveConfig live = started(TENTH)) {
            place("  sample:\n    ratio: { traces: 0.2 }\n" + ERRORS
                    + "  batch: { age: 3s }\n"
                    + "  export:\n    a: { protocol: grpc, endpoint: \"http://a:4317\", signals: [traces, logs],"
                    + " headers: { authorization: secret } }\n");

            assertThat(live.reload()).isEmpty();

            assertThat(live.ratio().traces()).as("is in use all the same").isEqualTo(0.2);
            assertThat(live.needRestart())
                    .contains(
                            "weir.batch.age",
                            "weir.export.a.endpoint",
                            "weir.export.a.headers.authorization",
                            "weir.export.a.signals",
                            "weir.sample.tail.policies")
                    .doesNotHaveDuplicates()
                    .noneMatch(key -> key.contains("secret") || key.contains("[") || key.contains("ratio"));

            place(TENTH);

            assertThat(live.reload()).isEmpty();
            assertThat(live.needRestart()).as("as it was at the start").isEmpty();
            assertThat(live.ratio().traces()).isEqualTo(0.1);
        }
    }

    @Test
    void shouldNotNameWhatTheEnvironmentSetsAnyway() throws Exception {
        Map<String, String> environment = Map.of("WEIR_BATCH_AGE", "1s", "WEIR_SAMPLE_RATIO_TRACES", "0.5");
        place(TENTH);
        try (LiveConfig live = new LiveConfig(ConfigFile.check(file, environment, Map.of()))) {
            place("  sample:\n    ratio: { traces: 0.2 }\n  batch: { age: 3s }\n");

            assertThat(live.reload()).isEmpty();

            assertThat(live.needRestart()).isEmpty();
            assertThat(live.ratio().traces()).isEqualTo(0.5);
        }
    }

    @Test
    void shouldNotLetAFaultyFileOfPoliciesKeepTheRatioFromChanging() throws Exception {
        Path policies = Files.writeString(directory.resolve("policies.yaml"), "- { name: errors, status: [error] }");
        String tail = "    tail: { policies-file: \"" + policies + "\" }\n";
        try (LiveConfig live = started(TENTH + tail)) {
            Files.writeString(policies, "- { name: errors, statsu: [error] }");
            place("  sample:\n    ratio: { traces: 0.2 }\n" + tail);

            assertThat(live.reload()).singleElement().asString().contains("statsu");

            assertThat(live.faults()).isEmpty();
            assertThat(live.ratio().traces()).isEqualTo(0.2);
            assertThat(policies(live)).containsExactly("errors");
        }
    }

    @Test
    void shouldTryAFaultyFileAgainWhenAskedTo() throws Exception {
        Path certificate = directory.resolve("cert.pem");
        String tls = "  receive: { grpc: { tls: { cert-file: \"" + certificate + "\", key-file: \"" + certificate
                + "\" } } }\n";
        try (LiveConfig live = started(TENTH)) {
            place("  sample:\n    ratio: { traces: 0.2 }\n" + tls);
            assertThat(live.reload()).isNotEmpty();

            Files.writeString(certificate, "-");

            assertThat(live.reload()).isEmpty();
            assertThat(live.ratio().traces()).isEqualTo(0.2);
        }
    }

    @Test
    void shouldNotReadAgainWhatIsNoFile() throws Exception {
        ConfigSourceText read = new ConfigSourceText(
                Path.of("/dev/null"), "weir:\n" + TENTH, Map.of(), Map.of()); // as a pipe is, once it has been read
        ConfigFile.Checked checked = ConfigFile.checkAlone(read);
        assertThat(checked.faults()).isEmpty();
        try (LiveConfig live = new LiveConfig(checked)) {
            assertThat(live.reload()).isEmpty();
            assertThat(live.ratio().traces()).isEqualTo(0.1);
            assertThat(live.needRestart()).isEmpty();
        }
    }

    @Test
    void shouldHaveNothingToReloadWithoutAFile() throws Exception {
        try (LiveConfig live = new LiveConfig(ConfigFile.check(null, Map.of(), Map.of()))) {
            assertThat(live.reload()).isEmpty();
            assertThat(live.ratio().traces()).isEqualTo(1);
        }
    }

    private LiveConfig started(String weir) throws IOException, FaultyPoliciesException {
        place(weir);
        ConfigFile.Checked checked = ConfigFile.check(file, Map.of(), Map.of());
        assertThat(checked.faults()).isEmpty();
        LiveConfig live = new LiveConfig(checked);
        live.shares(used::add);
        return live;
    }

    private void place(String weir) throws IOException {
        Path next = Files.writeString(directory.resolve("next"), "weir:\n" + weir);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static List<String> policies(LiveConfig live) {
        return live.policies().orElseThrow().current().describe().stream()
                .map(PolicyStatus::name)
                .toList();
    }
}
