package dev.weir.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.manifest.Manifest;
import dev.weir.manifest.ManifestRules;
import dev.weir.manifest.Overlay;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every folder that can be applied, built by the real kustomize: our rules find nothing, and a real API server, which knows the
 * definitions of each kind, would take every document as it stands, with no field that it does not know and nothing to warn of.
 */
class ManifestsIT {

    /** What the API server knows of Linkerd: a schema of ours, after its documentation. */
    private static final Path LINKERD =
            Path.of("src/test/resources/crds/linkerd.yaml").toAbsolutePath();

    /** A step on the way into a mesh, which is open on purpose; the rules have to say so. */
    private static final Path PERMISSIVE = Path.of("istio/permissive");

    @TempDir
    static Path directory;

    private static PeerProcess etcd;
    private static KubeApiServer server;
    private static Path kubeconfig;

    @BeforeAll
    static void start() {
        Peers.program("kubectl");
        Path definitions = Peers.definitions();
        Peers.program("kube-apiserver"); // skips before anything is started
        etcd = KubeApiServer.etcd(directory);
        server = KubeApiServer.before(etcd, directory);
        kubeconfig = server.adminKubeconfig();
        kubectl("apply", "--server-side", "-f", definitions.toString(), "-f", LINKERD.toString());
        kubectl("wait", "--for=condition=established", "crd", "--all", "--timeout=60s");
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
        if (etcd != null) {
            etcd.close();
        }
    }

    static List<Path> folders() {
        return Kustomize.folders();
    }

    @ParameterizedTest
    @MethodSource("folders")
    void shouldKeepTheRules(Path folder) {
        List<String> faults = ManifestRules.faults(Kustomize.overlay(directory, folder));

        if (folder.equals(PERMISSIVE)) {
            assertThat(faults)
                    .containsExactlyInAnyOrder(
                            "AuthorizationPolicy/weir-senders: a rule without 'from' lets everybody in",
                            "Deployment/weir: weir.mesh.kind is istio, and no PeerAuthentication makes mutual TLS STRICT");
        } else {
            assertThat(faults).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("folders")
    void shouldBeTakenByTheApiServer(Path folder) {
        Overlay overlay = Kustomize.overlay(directory, folder);
        namespaces(overlay);

        String said = dryRun(Kustomize.build(directory, folder));

        assertThat(said.lines().filter(line -> line.endsWith("(server dry run)")))
                .as(said)
                .hasSameSizeAs(overlay.manifests());
        assertThat(said).doesNotContain("Warning");
    }

    /** The API server says itself what Weir's service account may do. */
    @Test
    void shouldGiveWeirTheRightToReadPodsAndNoOther() {
        kubectl(
                "apply",
                "-k",
                Path.of("kubernetes/overlays/ratio").toAbsolutePath().toString());

        for (String verb : List.of("get", "list", "watch")) {
            assertThat(mayWeir(verb, "pods")).as(verb).isTrue();
        }
        for (String verb : List.of("create", "delete", "patch")) {
            assertThat(mayWeir(verb, "pods")).as(verb).isFalse();
        }
        for (String kind : List.of("secrets", "configmaps", "nodes", "services", "replicasets.apps")) {
            assertThat(mayWeir("get", kind)).as(kind).isFalse();
        }
    }

    private static boolean mayWeir(String verb, String kind) {
        try (OsProcess kubectl = OsProcess.start(
                "kubectl",
                directory,
                Map.of(),
                command(
                        "auth",
                        "can-i",
                        verb,
                        kind,
                        "--all-namespaces",
                        "--as=system:serviceaccount:observability:weir"))) {
            return kubectl.exitCode() == 0;
        }
    }

    @Test
    void shouldBuildEveryFolderThatIsThere() {
        assertThat(folders())
                .map(Path::toString)
                .contains("kubernetes/overlays/development", "kubernetes/overlays/ratio", "kubernetes/overlays/tail");
    }

    /** The API server does look at each of these. */
    @Test
    void shouldSeeTheApiServerRefuseWhatIsBroken() {
        kubectl("create", "namespace", "broken", "--save-config");
        assertRefused("unknown field \"spec.bakends\"", """
                apiVersion: gateway.networking.k8s.io/v1
                kind: GRPCRoute
                metadata: { name: broken, namespace: broken }
                spec: { bakends: [] }
                """);
        assertRefused("unknown field \"spec.endpoint\"", """
                apiVersion: monitoring.coreos.com/v1
                kind: ServiceMonitor
                metadata: { name: broken, namespace: broken }
                spec: { selector: {}, endpoints: [], endpoint: [] }
                """);
        assertRefused("unknown field \"spec.identitys\"", """
                apiVersion: policy.linkerd.io/v1alpha1
                kind: MeshTLSAuthentication
                metadata: { name: broken, namespace: broken }
                spec: { identities: [a], identitys: [b] }
                """);
        assertRefused("Unsupported value", """
                apiVersion: security.istio.io/v1
                kind: PeerAuthentication
                metadata: { name: broken, namespace: broken }
                spec: { mtls: { mode: MAYBE } }
                """);
        assertRefused("maxReplicas", """
                apiVersion: autoscaling/v2
                kind: HorizontalPodAutoscaler
                metadata: { name: broken, namespace: broken }
                spec: { scaleTargetRef: { kind: Deployment, name: a }, minReplicas: 3, maxReplicas: 2 }
                """);
    }

    private static void assertRefused(String reason, String document) {
        Path file = Peers.write(directory, "broken.yaml", document);
        try (OsProcess kubectl = OsProcess.start("kubectl", directory, Map.of(), dryRunCommand(file))) {
            assertThat(kubectl.exitCode()).isNotZero();
            assertThat(kubectl.output()).contains(reason);
        }
    }

    /** A namespace must be there before something in it is tried; with its labels, by which pods are judged. */
    private static void namespaces(Overlay overlay) {
        TreeSet<String> names = new TreeSet<>();
        overlay.manifests().forEach(manifest -> {
            boolean isNamespace = manifest.kind().equals("Namespace");
            names.add(isNamespace ? manifest.name() : manifest.namespace());
            if (isNamespace) {
                kubectl("apply", "-f", json(manifest).toString());
            }
        });
        names.remove("");
        String there = kubectl("get", "namespaces", "-o", "name");
        names.stream()
                .filter(name -> !there.contains("namespace/" + name + "\n"))
                .forEach(name -> kubectl("create", "namespace", name, "--save-config"));
    }

    private static Path json(Manifest manifest) {
        return Peers.write(directory, manifest.name() + ".json", manifest.json().toString());
    }

    private static String dryRun(Path file) {
        return Commands.run(directory, dryRunCommand(file));
    }

    private static List<String> dryRunCommand(Path file) {
        return command("apply", "--dry-run=server", "--validate=strict", "-f", file.toString());
    }

    private static String kubectl(String... words) {
        return Commands.run(directory, command(words));
    }

    private static List<String> command(String... words) {
        List<String> command = new ArrayList<>(List.of(
                Peers.program("kubectl"), "--kubeconfig=" + kubeconfig, "--cache-dir=" + directory.resolve("cache")));
        command.addAll(List.of(words));
        return command;
    }
}
