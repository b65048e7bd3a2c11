package dev.weir.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.manifest.ManifestRules;
import dev.weir.manifest.Overlay;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What Istio's own tool says of the documents under {@code istio} and {@code examples}, as kustomize builds them. */
class IstioctlIT {

    private static final String MESH = "istio/mesh/install.yaml";

    @TempDir
    Path directory;

    static List<String> folders() {
        return Stream.of("istio", "examples")
                .flatMap(root -> Manifests.overlays(root).stream())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("folders")
    void shouldFindNothing(String folder) {
        String documents = Manifests.text(directory, folder);

        assertThat(validate(documents)).contains("is valid").doesNotContain("warning", "Error");
        assertThat(analyze(documents)).contains("No validation issues found").doesNotContain("[IST", "not be parsed");
    }

    /** A text in sidecar-ratio-canary-weights and telemetry, what takes its place, and what istioctl then says. */
    @ParameterizedTest(name = "{2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            consecutive5xxErrors          | consecutive5xxError            | unknown field "consecutive5xxError"
            maxEjectionPercent: 50        | maxEjectionPercent: 150        | percentage 150 is not in range 0..100
            mode: STRICT                  | mode: MUTUAL                   | unknown value
            retryOn: connect-failure      | retryOn: connection-failure    | not a valid retryOn policy
            randomSamplingPercentage: 100 | randomSamplingPercentage: 101  | randomSamplingPercentage must be in range
            weight: 95                    | weight: -1                     | weight -1 < 0
            appProtocol: grpc             | appProtocol: grcp              | doesn't follow Istio protocol selection
            subset: canary                | subset: kanary                 | Referenced host+subset in destinationrule not found
            """)
    void shouldSeeIstioctlFindWhatIsBroken(String old, String next, String said) {
        String documents = all();
        assertThat(documents).contains(old);

        String broken = documents.replace(old, next);

        assertThat(validate(broken) + analyze(broken)).contains(said);
    }

    @Test
    void shouldFindASecondResourceForTheWholeMesh() {
        String telemetry = Manifests.text(directory, "istio/telemetry");
        assertThat(analyze(telemetry + "---\n" + telemetry.replace("mesh-default", "another")))
                .contains("IST0160");
    }

    /** What istioctl lets pass without looking at it, or without seeing what it means: our own rules do not. */
    @ParameterizedTest(name = "{2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            networking.istio.io/v1\\nkind: DestinationRule | networking.istio.io/v1alpha3\\nkind: DestinationRule | current is networking.istio.io/v1
            telemetry.istio.io/v1     | telemetry.istio.io/v9              | current is telemetry.istio.io/v1
            action: ALLOW\\n  rules:  | action: ALLOW\\n  rules:\\n  - {}   | an empty rule {} lets everybody in
            ports:\\n        - "4317" | ports:\\n        - "8888"           | 8888
            mode: STRICT              | mode: PERMISSIVE                   | no PeerAuthentication makes mutual TLS STRICT
            """)
    void shouldFindWhatIstioctlDoesNot(String old, String next, String said) {
        String documents = all();
        String broken = documents.replace(old.replace("\\n", "\n"), next.replace("\\n", "\n"));
        assertThat(broken).isNotEqualTo(documents);

        assertThat(validate(broken)).contains("is valid");
        assertThat(ManifestRules.faults(Overlay.of("broken", broken)))
                .anySatisfy(fault -> assertThat(fault).contains(said));
    }

    @Test
    void shouldGiveTheMeshTheProvidersThatTelemetryNames() {
        JsonNode mesh = meshOf(MESH);
        List<String> providers = names(mesh.path("extensionProviders"));
        Manifests telemetry = Manifests.of(directory, "istio/telemetry-access-logs");
        Manifests weir = Manifests.of(directory, "istio/overlays/sidecar-ratio");

        List<String> used = new ArrayList<>();
        Stream.of(telemetry, weir)
                .flatMap(manifests -> manifests.ofKind("Telemetry").stream())
                .forEach(document -> {
                    for (String signal : List.of("tracing", "accessLogging")) {
                        document.path("spec").path(signal).forEach(part -> used.addAll(names(part.path("providers"))));
                    }
                });
        assertThat(used).isNotEmpty().isSubsetOf(providers);
        for (JsonNode provider : mesh.path("extensionProviders")) {
            JsonNode to =
                    provider.has("opentelemetry") ? provider.path("opentelemetry") : provider.path("envoyOtelAls");
            JsonNode service = weir.get("Service", "weir");
            assertThat(to.path("service").asText())
                    .isEqualTo(
                            "weir." + service.path("metadata").path("namespace").asText() + ".svc.cluster.local");
            assertThat(StreamSupport.stream(service.path("spec").path("ports").spliterator(), false)
                            .filter(port ->
                                    port.path("port").asInt() == to.path("port").asInt())
                            .map(port -> port.path("appProtocol").asText()))
                    .containsExactly("grpc");
        }
        assertThat(mesh.at("/defaultConfig/runtimeValues")
                        .path("tracing.opentelemetry.min_flush_spans")
                        .asText())
                .isEqualTo("512");
    }

    @Test
    void shouldSayTheSameToEveryWayOfInstalling() {
        JsonNode install = file(MESH).path("spec");
        JsonNode helm = file("istio/mesh/helm-values.yaml");
        JsonNode shared = Manifests.parse(file("istio/mesh/shared-mesh-config.yaml")
                        .path("data")
                        .path("mesh")
                        .asText())
                .all()
                .getFirst();

        assertThat(helm.path("meshConfig")).isEqualTo(install.path("meshConfig"));
        assertThat(shared).isEqualTo(install.path("meshConfig"));
        assertThat(helm.path("pilot")).isEqualTo(install.path("values").path("pilot"));
    }

    @Test
    void shouldAddToTheMesh() {
        assertThat(meshOf("istio/mesh/multicluster.yaml").path("serviceSettings"))
                .isNotEmpty();
        assertThat(meshOf("istio/mesh/default-retries.yaml")
                        .at("/defaultHttpRetryPolicy/retryOn")
                        .asText())
                .isEqualTo(Manifests.of(directory, "istio/overlays/sidecar-ratio")
                        .get("VirtualService", "weir")
                        .at("/spec/http/0/retries/retryOn")
                        .asText());
    }

    /** The mesh's configuration as it would stand in the cluster after {@code istioctl install -f}. */
    private JsonNode meshOf(String file) {
        String all = Commands.run(
                directory, List.of(Peers.program("istioctl"), "manifest", "generate", "-f", absolute(file)));
        String mesh = Manifests.parse(all)
                .get("ConfigMap", "istio")
                .path("data")
                .path("mesh")
                .asText();
        return Manifests.parse(mesh).all().getFirst();
    }

    private String all() {
        return Manifests.text(directory, "istio/overlays/sidecar-ratio-canary-weights") + "---\n"
                + Manifests.text(directory, "istio/telemetry-access-logs");
    }

    private String validate(String documents) {
        return istioctl(
                "validate",
                "-f",
                Peers.write(directory, "documents.yaml", documents).toString());
    }

    /** Without {@code --all-namespaces} it looks at none but {@code default}. */
    private String analyze(String documents) {
        return istioctl(
                "analyze",
                "--use-kube=false",
                "--all-namespaces",
                "--color=false",
                Peers.write(directory, "documents.yaml", documents).toString());
    }

    private String istioctl(String... words) {
        List<String> command = new ArrayList<>(List.of(Peers.program("istioctl")));
        command.addAll(List.of(words));
        try (OsProcess istioctl = OsProcess.start("istioctl", directory, Map.of(), command)) {
            istioctl.exitCode();
            return istioctl.output();
        }
    }

    private static List<String> names(JsonNode array) {
        List<String> names = new ArrayList<>();
        array.forEach(element -> names.add(element.path("name").asText()));
        return names;
    }

    private static JsonNode file(String file) {
        return Manifests.parse(Manifests.read(Path.of(file))).all().getFirst();
    }

    private static String absolute(String file) {
        return Path.of(file).toAbsolutePath().toString();
    }
}
