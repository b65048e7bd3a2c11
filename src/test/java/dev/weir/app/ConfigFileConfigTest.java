package dev.weir.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.pipeline.ByteSize;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ConfigFileConfigTest extends ConfigFileFixture {

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
    void shouldLetTheEnvironmentGoOverTheFile() throws IOException {
        Path file = file("weir: { receive: { grpc: { port: 1111 }, http: { port: 2222 } } }");

        WeirConfig config = ConfigFile.check(file, Map.of("WEIR_RECEIVE_GRPC_PORT", "3333"), Map.of())
                .config();

        assertThat(config).isNotNull();
        assertThat(config.receive().grpc().port()).isEqualTo(3333);
        assertThat(config.receive().http().port()).isEqualTo(2222);
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
}
