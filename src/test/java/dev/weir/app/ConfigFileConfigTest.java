package dev.weir.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.pipeline.ByteSize;
import dev.weir.sample.ratio.RatioConfig;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ConfigFileConfigTest {

    @TempDir
    Path folder;

    @Test
    void shouldStartWithNothingAndDefaults() {
        WeirConfig config = ConfigFile.check(null, Map.of(), Map.of()).config();

        assertThat(config).isNotNull();
        assertThat(config.receive().grpc().port()).isEqualTo(4317);
        assertThat(config.batch().size()).isEqualTo(new ByteSize(512 << 10));
        assertThat(config.batch().age()).isEqualTo(Duration.ofMillis(200));
        assertThat(config.export()).isEmpty();
    }

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
    void shouldLetTheEnvironmentGoOverTheFile() throws IOException {
        Path file = file("weir: { receive: { grpc: { port: 1111 }, http: { port: 2222 } } }");

        WeirConfig config = ConfigFile.check(file, Map.of("WEIR_RECEIVE_GRPC_PORT", "3333"), Map.of())
                .config();

        assertThat(config).isNotNull();
        assertThat(config.receive().grpc().port()).isEqualTo(3333);
        assertThat(config.receive().http().port()).isEqualTo(2222);
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
    void shouldReportEveryFaultAtOnceWithItsKey() throws IOException {
        List<String> faults = faults("""
                weir:
                  receive:
                    grpc: { port: 99999, max-message-size: 12parsecs }
                    http: { prot: 4318 }
                  export:
                    jaeger: { protocol: grcp, endpoint: "jaeger:4317" }
                    prom: { protocol: grpc }
                  batch: { age: soon }
                  memory: { limit: 1MiB }
                """);

        assertThat(faults)
                .anyMatch(f -> f.startsWith("weir.batch.age: "))
                .anyMatch(f -> f.equals("weir.export.prom.endpoint: is required"))
                .anyMatch(f -> f.startsWith("weir.receive.grpc.max-message-size: '12parsecs' is not a size in bytes"))
                .anyMatch(f -> f.equals("weir.receive.http.prot: there is no such setting"))
                .anyMatch(f -> f.equals("weir.receive.grpc.port: must be between 0 and 65535, was 99999"))
                .anyMatch(f -> f.startsWith("weir.export.jaeger.protocol: "))
                .anyMatch(f -> f.startsWith("weir.export.jaeger.endpoint: "))
                .anyMatch(f -> f.equals("weir.memory.limit: must be at least 64MiB, was 1MiB"))
                .hasSize(8);
    }

    @Test
    void shouldReportEveryFaultOfOneDestination() throws IOException {
        List<String> faults = faults("""
                weir:
                  export:
                    jaeger:
                      endpoint: jaeger:4317
                      signals: [traces, spans]
                      timeout: 10 years
                      queue: { when-full: explode }
                      headers: { authorization: "file:/nowhere" }
                      colour: red
                """);

        assertThat(faults)
                .contains(
                        "weir.export.jaeger.protocol: is required",
                        "weir.export.jaeger.signals[1]: 'spans' is not one of traces, metrics, logs",
                        "weir.export.jaeger.timeout: '10 years' is not a duration:"
                                + " write a number and a unit, such as 500ms, 10s or 5m",
                        "weir.export.jaeger.queue.when-full: 'explode' is not one of drop, refuse",
                        "weir.export.jaeger.colour: there is no such setting")
                .anyMatch(f -> f.startsWith("weir.export.jaeger.endpoint: "))
                .anyMatch(f -> f.startsWith("weir.export.jaeger.headers.authorization: "))
                .hasSize(7);
    }

    @Test
    void shouldSayTheFaultyValueOnce() throws IOException {
        assertThat(faults("weir: { batch: { size: lots }, receive: { http: { port: abc } } }"))
                .hasSize(2)
                .allSatisfy(fault -> assertThat(fault).containsOnlyOnce(fault.contains("size") ? "lots" : "abc"));
    }

    @Test
    void shouldSayThatAFileIsNotThere() {
        Path nowhere = folder.resolve("nowhere.yaml");

        assertThat(ConfigFile.check(nowhere, Map.of(), Map.of()).faults())
                .containsExactly(nowhere + ": there is no such file");
    }

    @Test
    void shouldNameTheLineOfWhatIsNoYaml() throws IOException {
        assertThat(faults("weir:\n  receive: [\n"))
                .singleElement()
                .asString()
                .contains("is not YAML")
                .contains("line");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Basic dXNlc2VzYW1l: x", "*sesame", "!sesame!x y", "'sesame", "[sesame", "\"\\sesame\""})
    void shouldNotRepeatWhatIsNoYaml(String value) throws IOException {
        assertThat(faults("weir:\n  export:\n    a:\n      headers:\n        authorization: " + value + "\n"))
                .singleElement()
                .asString()
                .contains("is not YAML: ")
                .containsPattern("at line [56], column \\d+")
                .doesNotContain("sesame")
                .doesNotContain("dXNl");
    }

    @Test
    void shouldRejectCertFileWithoutKeyFile() throws IOException {
        assertThat(faults("weir: { receive: { http: { tls: { cert-file: /nowhere.pem } } } }"))
                .contains("weir.receive.http.tls: cert-file and key-file go together, set both or neither")
                .contains("weir.receive.http.tls.cert-file: there is no readable file /nowhere.pem");
    }

    @Test
    void shouldRejectTheSamePortTwice() throws IOException {
        assertThat(faults("weir: { receive: { http: { port: 4317 } } }"))
                .containsExactly("weir.receive.http.port: must differ from weir.receive.grpc.port, both are 4317");
    }

    @Test
    void shouldRejectOwnTracesThatWouldComeBackToWeir() throws IOException {
        assertThat(faults("weir: { telemetry: { traces-endpoint: 'http://localhost:4317' } }"))
                .containsExactly("weir.telemetry.traces-endpoint: is Weir itself, its own traces would never end;"
                        + " name another receiver");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost:4317",
                "http://LocalHost.:4318",
                "https://127.0.0.1:4317",
                "http://127.9.9.9:4317",
                "http://[::1]:4318",
                "http://0.0.0.0:4317",
                "http://weir.localhost:4317"
            })
    void shouldRejectAnExportToItself(String endpoint) throws IOException {
        assertThat(faults("weir: { export: { a: { protocol: grpc, endpoint: '" + endpoint + "' } } }"))
                .containsExactly("weir.export.a.endpoint: is Weir itself, nothing would ever leave it;"
                        + " name another receiver, or move Weir's port");
    }

    @Test
    void shouldRejectAnExportToItsOwnAddress() throws Exception {
        InetAddress own = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(Inet4Address.class::isInstance)
                .filter(address -> !address.isLoopbackAddress())
                .findFirst()
                .orElse(InetAddress.getLoopbackAddress());
        String export = "export: { a: { protocol: grpc, endpoint: 'http://" + own.getHostAddress() + ":4317' } }";

        assertThat(faults("weir: { " + export + " }"))
                .singleElement()
                .asString()
                .contains("is Weir itself");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost:14317", "http://jaeger:4317", "http://203.0.113.7:4317"})
    void shouldTakeAnExportToOthers(String endpoint) throws IOException {
        assertThat(faults("weir: { export: { a: { protocol: grpc, endpoint: '" + endpoint + "' } } }"))
                .isEmpty();
    }

    @Test
    void shouldTakeAnExportToAnAddressThatNoDoorIsBoundTo() throws IOException {
        assertThat(faults("weir: { receive: { grpc: { host: 127.0.0.1 } },"
                        + " export: { a: { protocol: grpc, endpoint: 'http://127.0.0.2:4317' } } }"))
                .isEmpty();
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

    @Test
    void shouldRejectAVariableThatIsMisspelt() {
        assertThat(ConfigFile.check(null, Map.of("WEIR_BATCH_SIZZE", "1MiB"), Map.of())
                        .faults())
                .singleElement()
                .asString()
                .startsWith("WEIR_BATCH_SIZZE: there is no such setting");
    }

    @Test
    void shouldTakeVariablesOfADestination() {
        ConfigFile.Checked checked = ConfigFile.check(
                null,
                Map.of("WEIR_EXPORT_JAEGER_ENDPOINT", "http://jaeger:4317", "WEIR_EXPORT_JAEGER_PROTOCOL", "grpc"),
                Map.of());

        assertThat(checked.faults()).isEmpty();
    }

    @Test
    void shouldNotMindWhatKubernetesInjectsForAServiceNamedWeir() {
        ConfigFile.Checked checked = ConfigFile.check(
                null,
                Map.ofEntries(
                        Map.entry("WEIR_SERVICE_HOST", "10.0.0.1"),
                        Map.entry("WEIR_SERVICE_PORT", "4317"),
                        Map.entry("WEIR_SERVICE_PORT_GRPC", "4317"),
                        Map.entry("WEIR_SERVICE_PORT_HTTP", "4318"),
                        Map.entry("WEIR_PORT", "tcp://10.0.0.1:4317"),
                        Map.entry("WEIR_PORT_4317_TCP", "tcp://10.0.0.1:4317"),
                        Map.entry("WEIR_PORT_4317_TCP_PROTO", "tcp"),
                        Map.entry("WEIR_PORT_4317_TCP_PORT", "4317"),
                        Map.entry("WEIR_PORT_4317_TCP_ADDR", "10.0.0.1")),
                Map.of());

        assertThat(checked.faults()).isEmpty();
        assertThat(checked.config()).isNotNull();
    }

    private List<String> faults(String yaml) throws IOException {
        return ConfigFile.check(file(yaml), Map.of(), Map.of()).faults();
    }

    private Path file(String yaml) throws IOException {
        return Files.writeString(folder.resolve("weir.yaml"), yaml);
    }

    private static List<String> whys(Path file) {
        return ConfigFile.check(file, Map.of(), Map.of()).describePolicies().stream()
                .map(policy -> policy.name() + ": " + policy.why())
                .toList();
    }
}
