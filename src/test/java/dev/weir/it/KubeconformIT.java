package dev.weir.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.manifest.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The real kubeconform on every folder that can be applied, strictly, by Kubernetes' own schemas and those of each definition: a
 * second reading, which knows nothing of our models and needs no API server.
 */
class KubeconformIT {

    /** Their definitions are in no module: what there is of them is ours, which {@link ManifestsIT} shows to the API server. */
    private static final List<String> LINKERD = List.of(
            "policy.linkerd.io/v1beta3/Server",
            "policy.linkerd.io/v1alpha1/AuthorizationPolicy",
            "policy.linkerd.io/v1alpha1/MeshTLSAuthentication",
            "linkerd.io/v1alpha2/ServiceProfile");

    @TempDir
    static Path directory;

    @BeforeAll
    static void find() {
        Peers.program("kubectl");
        Peers.program("kubeconform");
        Peers.schemas();
    }

    static List<Path> folders() {
        return Kustomize.folders();
    }

    @ParameterizedTest
    @MethodSource("folders")
    void shouldFindNothing(Path folder) {
        Path built = Kustomize.build(directory, folder);
        List<Manifest> manifests = Kustomize.overlay(directory, folder).manifests();
        long skipped = manifests.stream()
                .map(KubeconformIT::versionAndKind)
                .filter(LINKERD::contains)
                .count();

        String said = Commands.run(directory, command(built));

        assertThat(said)
                .contains(
                        "Valid: %d, Invalid: 0, Errors: 0, Skipped: %d".formatted(manifests.size() - skipped, skipped));
    }

    /** A text in a canary that Flagger leads, with alerts, what takes its place, and what kubeconform then says. */
    @ParameterizedTest(name = "{2} {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            revisionHistoryLimit: 3      | revisionHistory: 3             | Deployment weir is invalid
            minReplicas: 2               | minReplicas: two               | HorizontalPodAutoscaler weir is invalid
            maxEjectionPercent: 50       | maxEjectionPercents: 50        | DestinationRule weir is invalid
            mode: STRICT                 | mode: MAYBE                    | PeerAuthentication weir is invalid
            stepWeight: 5                | stepWeights: 5                 | Canary weir is invalid
            apiVersion: policy/v1        | apiVersion: policy/v9          | could not find schema for PodDisruptionBudget
            disableSpanReporting: true   | disableSpanReporting: "true"   | Telemetry weir is invalid
            """)
    void shouldRefuseWhatIsBroken(String old, String next, String said) throws IOException {
        String right =
                Files.readString(Kustomize.build(directory, Path.of("istio/overlays/sidecar-ratio-canary-flagger")));
        assertThat(right).contains(old);

        assertThat(refusal(right.replace(old, next))).contains(said);
    }

    @Test
    void shouldRefuseAFieldThatStandsTwice() {
        assertThat(refusal("""
                        apiVersion: v1
                        kind: ServiceAccount
                        metadata: { name: twice, name: thrice }
                        """)).contains("already set");
    }

    private static String refusal(String documents) {
        Path file = Peers.write(directory, "broken.yaml", documents);
        try (OsProcess kubeconform = OsProcess.start("kubeconform", directory, Map.of(), command(file))) {
            assertThat(kubeconform.exitCode()).isNotZero();
            return kubeconform.output();
        }
    }

    private static List<String> command(Path file) {
        List<String> command = new ArrayList<>(List.of(Peers.program("kubeconform"), "-strict", "-summary"));
        command.addAll(List.of("-skip", String.join(",", LINKERD)));
        command.addAll(List.of(
                "-schema-location",
                Peers.schemas() + "/{{ .Group }}/{{ .ResourceKind }}_{{ .ResourceAPIVersion }}.json"));
        command.add(file.toString());
        return command;
    }

    private static String versionAndKind(Manifest manifest) {
        return manifest.apiVersion() + "/" + manifest.kind();
    }
}
