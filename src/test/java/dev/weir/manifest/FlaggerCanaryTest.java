package dev.weir.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What goes wrong when Flagger makes the senders' Service. */
final class FlaggerCanaryTest {

    private static final String CANARY = """
            apiVersion: flagger.app/v1beta1
            kind: Canary
            metadata: { name: led }
            spec:
              targetRef: { apiVersion: apps/v1, kind: Deployment, name: weir }
              service: { name: weir, port: 4317, portDiscovery: true }
            """;

    @Test
    void shouldFindTheAdminPortOnTheServiceOfSenders() {
        assertThat(Sample.ratio().and(CANARY).faults())
                .contains("Canary/led: puts 8888 on the Service of senders; the container must not name it");
        assertThat(Sample.ratio()
                        .and(CANARY)
                        .replacing("            - { name: http-admin, containerPort: 8888 }\n", "")
                        .faults())
                .noneSatisfy(fault -> assertThat(fault).contains("8888"));
    }

    @Test
    void shouldFindAServiceThatFlaggerMakes() {
        assertThat(Sample.ratio().and(CANARY).faults())
                .contains("Service/weir: is Canary/led's to make; applied again, its selector is turned back");
        assertThat(Sample.ratio()
                        .and(CANARY)
                        .replacing("service: { name: weir,", "service: { name: other,")
                        .faults())
                .noneSatisfy(fault -> assertThat(fault).contains("to make"));
    }

    @Test
    void shouldFindAPortThatFlaggerDoesNotDiscover() {
        assertThat(Sample.ratio()
                        .and(CANARY)
                        .replacing(
                                "metadata:\n  name: weir\n  labels: { app.kubernetes.io/name: weir }\nspec:\n  type",
                                """
                                metadata:
                                  name: gone
                                  labels: { app.kubernetes.io/name: weir }
                                spec:
                                  type""")
                        .replacing("selector: { app.kubernetes.io/name: weir }\n  ports:\n    # Both", """
                                selector: { app: gone }
                                  ports:
                                    # Both""")
                        .replacing("portDiscovery: true", "portDiscovery: false")
                        .faults())
                .contains("Deployment/weir: no Service has port 4318 of it")
                .doesNotContain("Deployment/weir: no Service has port 4317 of it");
    }

    @Test
    void shouldFindAMetricThatIsDefinedNowhere() {
        String measured =
                CANARY + "  analysis: { metrics: [ { name: refused, templateRef: { name: weir-refused-share } } ] }\n";

        assertThat(Sample.ratio().and(measured).faults())
                .contains("Canary/led: there is no MetricTemplate weir-refused-share");
        assertThat(Sample.ratio()
                        .and(measured)
                        .and(Path.of("istio/components/canary-flagger/metrics.yaml"))
                        .faults())
                .noneSatisfy(fault -> assertThat(fault).contains("MetricTemplate"));
    }
}
