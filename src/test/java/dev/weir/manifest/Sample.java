package dev.weir.manifest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The files of kubernetes/base as they stand, put together without kustomize, to be broken in one place each. */
final class Sample {

    private static final Path KUBERNETES = Path.of("kubernetes");
    private static final Set<String> OF_CLUSTER = Set.of("Namespace", "ClusterRole", "ClusterRoleBinding");
    private static final List<String> FILES = List.of(
            "namespace.yaml",
            "rbac.yaml",
            "../workload/deployment.yaml",
            "services.yaml",
            "poddisruptionbudget.yaml",
            "networkpolicy.yaml");

    private static final String LABELS =
            "template:\n    metadata:\n      labels: { app.kubernetes.io/name: weir, app.kubernetes.io/instance: weir ";

    private static final String SIDECAR = """
            , sidecar.istio.io/inject: "true" }
                  annotations:
                    proxy.istio.io/config: |
                      holdApplicationUntilProxyStarts: true
                      terminationDrainDuration: 45s
                    prometheus.io/scrape: "true"
                    prometheus.io/port: "8888"
                    prometheus.io/path: /q/metrics""";

    /** The sidecar in front of Weir makes no spans of what it carries, and goes to Weir's backends only. */
    private static final String OF_SIDECAR = """
            apiVersion: telemetry.istio.io/v1
            kind: Telemetry
            metadata: { name: weir }
            spec:
              selector: { matchLabels: { app.kubernetes.io/name: weir } }
              tracing: [ { disableSpanReporting: true } ]
            ---
            apiVersion: networking.istio.io/v1
            kind: Sidecar
            metadata: { name: weir }
            spec:
              workloadSelector: { labels: { app.kubernetes.io/name: weir } }
              egress: [ { hosts: ["./*"] } ]
              outboundTrafficPolicy: { mode: REGISTRY_ONLY }
            """;

    private final String yaml;

    private Sample(String yaml) {
        this.yaml = yaml;
    }

    /** With the settings and the autoscaler of overlays/ratio. */
    static Sample ratio() {
        return unscaled().and(KUBERNETES.resolve("overlays/ratio/hpa.yaml"));
    }

    /** {@link #ratio} without the autoscaler. */
    static Sample unscaled() {
        return with("ratio");
    }

    /** {@link #ratio} behind Istio's sidecar. */
    static Sample sidecar() {
        return ratio().replacing(LABELS + "}", LABELS + SIDECAR).and(OF_SIDECAR);
    }

    /** {@link #ratio} in ambient mode, with the documents of istio/components/ambient. */
    static Sample ambient() {
        Sample sample = ratio().replacing(
                        LABELS + "}", LABELS + ", istio.io/dataplane-mode: ambient, app.kubernetes.io/part-of: weir }")
                .replacing(
                        "name: weir\n  labels: { app.kubernetes.io/name: weir }\nspec:\n  type: ClusterIP",
                        "name: weir\n  labels: { istio.io/use-waypoint: waypoint }\nspec:\n  type: ClusterIP")
                .replacing(
                        "  mesh:\n",
                        "  mesh:\n        kind: istio\n        waypoints: [ \"spiffe://cluster.local/ns/observability/sa/waypoint\" ]\n");
        for (String file :
                List.of("waypoint", "peer-authentication", "senders", "reach", "telemetry", "networkpolicy")) {
            sample = sample.and(Path.of("istio/components/ambient", file + ".yaml"));
        }
        return sample;
    }

    /** With the settings, the replica and the strategy of overlays/tail. */
    static Sample tail() {
        return with("tail")
                .replacing(
                        "strategy:\n    type: RollingUpdate\n    rollingUpdate: { maxUnavailable: 0, maxSurge: 1 }",
                        """
                        replicas: 1
                          strategy: { type: Recreate }""")
                .replacing("terminationGracePeriodSeconds: 45", "terminationGracePeriodSeconds: 60");
    }

    private static Sample with(String overlay) {
        String base = FILES.stream()
                .map(file -> read(KUBERNETES.resolve("base").resolve(file)))
                .collect(Collectors.joining("\n---\n"));
        return new Sample(base)
                .and("""
                apiVersion: v1
                kind: ConfigMap
                metadata: { name: weir }
                data:
                  weir.yaml: |
                """
                        + read(KUBERNETES.resolve("overlays/" + overlay + "/weir.yaml"))
                                .indent(4));
    }

    /** With another text in one place; that it is there is asked for, so that no sample breaks nothing. */
    Sample replacing(String old, String next) {
        if (!yaml.contains(old)) {
            throw new AssertionError("the sample has no '" + old + "'");
        }
        return new Sample(yaml.replace(old, next));
    }

    /** With one document more. */
    Sample and(String document) {
        return new Sample(yaml + "\n---\n" + document);
    }

    /** With the documents of a file more. */
    Sample and(Path file) {
        return and(read(file));
    }

    List<String> faults() {
        Overlay overlay = Overlay.of("sample", yaml);
        overlay.manifests().stream()
                .filter(manifest -> !OF_CLUSTER.contains(manifest.kind())
                        && manifest.namespace().isEmpty())
                .forEach(manifest -> ((ObjectNode) manifest.at("/metadata")).put("namespace", "observability"));
        return ManifestRules.faults(overlay);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
