package dev.weir.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Monitors that come to nothing, or to where nobody lets them. */
final class ScrapeRuleTest {

    private static final String ENDPOINT = """
            apiVersion: monitoring.coreos.com/v1
            kind: PodMonitor
            metadata: { name: weir }
            spec:
              selector: { matchLabels: { app.kubernetes.io/name: weir } }
              podMetricsEndpoints: [ { %s } ]
            """;

    @Test
    void shouldFindAPortThatNoContainerDeclares() {
        assertThat(Sample.sidecar().and(ENDPOINT.formatted("portNumber: 15020")).faults())
                .containsExactly(
                        "PodMonitor/weir: scrapes nothing of Deployment/weir: no container declares the port, and nothing puts another address in");
        assertThat(Sample.sidecar()
                        .and(ENDPOINT.formatted("port: http-metrics"))
                        .faults())
                .singleElement()
                .asString()
                .contains("scrapes nothing");
        assertThat(Sample.ratio().and(ENDPOINT.formatted("portNumber: 8888")).faults())
                .isEmpty();
    }

    /** Something of the monitor behind sidecars, what takes its place, and what is said then. */
    @ParameterizedTest(name = "{2} {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            regex: istio-proxy            | regex: istio-proxies            | scrapes nothing
            path: /stats/prometheus       | portNumber: 15020               | scrapes nothing
            - { action: keep, sourceLabels: [__meta_kubernetes_pod_container_name], regex: istio-proxy } | - { action: keep, regex: no } | scrapes nothing
            regex: ([0-9.]+)              | regex: ([0-9]+)                 | does not come to one port of a pod, by IPv4 and by IPv6
            "[$1]:15020"                  | "$1:15020"                      | does not come to one port of a pod, by IPv4 and by IPv6
            port: 15020                   | port: 15021                     | no NetworkPolicy lets Prometheus to 15020 of Deployment/weir
            """)
    void shouldFindWhatPrometheusWouldNotReach(String old, String next, String said) {
        Sample right = Sample.sidecar()
                .replacing("instance: weir , sidecar", "instance: weir, app.kubernetes.io/part-of: weir, sidecar")
                .and(Path.of("istio/components/sidecar/networkpolicy.yaml"))
                .and(Path.of("istio/components/monitoring/podmonitor.yaml"))
                .and("""
                        apiVersion: security.istio.io/v1
                        kind: AuthorizationPolicy
                        metadata: { name: senders }
                        spec:
                          selector: { matchLabels: { app.kubernetes.io/name: weir } }
                          rules:
                            - from: [ { source: { namespaces: [shop] } } ]
                              to: [ { operation: { ports: ["4317"] } } ]
                        """);

        assertThat(right.faults()).isEmpty();
        assertThat(right.replacing(old, next).faults())
                .anySatisfy(fault -> assertThat(fault).contains(said));
    }
}
