package dev.weir.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ways in which telemetry would leave the mesh in the clear, or go to anybody. */
final class BackendsRuleTest {

    private static final Path OUTSIDE = Path.of("istio/components/outside");

    /** Something that is right, what takes its place, and what is said then. */
    @ParameterizedTest(name = "{2} {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            host: otlp.vendor.example           | host: otlp.vendor.test       | DestinationRule/weir-backend: no ServiceEntry has its host otlp.vendor.test
            host: otlp.vendor.example           | host: otlp.vendor.test       | ServiceEntry/weir-backend: what goes to port 80 of otlp.vendor.example leaves the mesh without TLS
            - port: { number: 80 }              | - port: { number: 443 }      | port 443 is none of its ServiceEntry's
            - port: { number: 80 }              | - port: { number: 443 }      | leaves the mesh without TLS
            mode: SIMPLE                        | mode: ISTIO_MUTUAL           | TLS mode ISTIO_MUTUAL is none for outside of the mesh
            mode: SIMPLE                        | mode: DISABLE                | leaves the mesh without TLS
            subjectAltNames: [otlp.vendor.example] | insecureSkipVerify: true  | without subjectAltNames any certificate
            """)
    void shouldFindABackendThatIsNotProtected(String old, String next, String said) {
        Sample right = Sample.sidecar()
                .and(OUTSIDE.resolve("destination-rule.yaml"))
                .and(OUTSIDE.resolve("service-entry.yaml"));

        assertThat(right.faults()).isEmpty();
        assertThat(right.replacing(old, next).faults())
                .anySatisfy(fault -> assertThat(fault).contains(said));
    }
}
