package dev.weir.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Telemetry of a mesh that would tear traces, or lacks a kind of tag. */
final class TelemetryRuleTest {

    /** Something that is right, what takes its place, and what is said then. */
    @ParameterizedTest(name = "{2} {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            randomSamplingPercentage: 100 | randomSamplingPercentage: 99.9 | randomSamplingPercentage must be 100
            randomSamplingPercentage: 100 | enableIstioTags: true          | randomSamplingPercentage must be 100
            literal: { value              | header: { name                 | no tag of each kind, but [environment, header]
            environment: { name: ISTIO    | header: { name: ISTIO          | no tag of each kind, but [header, literal]
            header: { name: x-            | environment: { name: x-        | no tag of each kind, but [environment, literal]
            customTags:                   | others:                        | no tag of each kind, but []
            proxy.node                    | mesh.node                      | Weir takes mesh.node out
            """)
    void shouldFindTracingThatIsNotWhole(String old, String next, String said) throws IOException {
        for (String file : new String[] {"istio/telemetry/mesh-default.yaml", "examples/shop/istio/telemetry.yaml"}) {
            String right = Files.readString(Path.of(file));
            assertThat(right).contains(old);

            assertThat(ManifestRules.faults(Overlay.of(file, right))).isEmpty();
            assertThat(ManifestRules.faults(Overlay.of(file, right.replace(old, next))))
                    .as(file)
                    .singleElement()
                    .asString()
                    .contains(said);
        }
    }
}
