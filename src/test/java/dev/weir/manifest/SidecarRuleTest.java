package dev.weir.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Broken samples of what Istio's proxy beside Weir is told. */
final class SidecarRuleTest {

    /** Something that is right, what takes its place, and what is said then. */
    @ParameterizedTest(name = "{2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            prometheus.io/port: "8888"            | prometheus.io/port: "8080"      | prometheus.io/port must be 8888
            prometheus.io/path: /q/metrics        | prometheus.io/path: /metrics    | prometheus.io/path must be /q/metrics
            prometheus.io/scrape: "true"          | prometheus.io/scrape: "false"   | prometheus.io/scrape must be true
            terminationDrainDuration: 45s         | terminationDrainDuration: 30s   | terminationDrainDuration is 30s, its grace period 45 s
            terminationDrainDuration: 45s         | concurrency: 2                  | terminationDrainDuration is 5s, its grace period 45 s
            holdApplicationUntilProxyStarts: true | holdApplicationUntilProxyStarts: false | must have holdApplicationUntilProxyStarts
            REGISTRY_ONLY                         | ALLOW_ANY                       | Sidecar/weir: lets Weir out to whom the mesh does not know
            ["./*"]                               | ["./*", "*/*"]                  | Sidecar/weir: */* is every namespace
            workloadSelector: { labels: { app.kubernetes.io/name: weir } } | workloadSelector: { labels: { app: weir } } | no Sidecar says where its proxy may go
            """)
    void shouldFindAProxyThatDoesNotFitWeir(String old, String next, String said) {
        assertThat(Sample.sidecar().faults()).isEmpty();
        assertThat(Sample.sidecar().replacing(old, next).faults())
                .singleElement()
                .asString()
                .contains(said);
    }
}
