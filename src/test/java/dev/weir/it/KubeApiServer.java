package dev.weir.it;

import static org.awaitility.Awaitility.await;

import dev.weir.FreePorts;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * A real kube-apiserver before a real etcd, on loopback. There is no controller, no scheduler and no kubelet: pods are what the
 * test writes, their status too.
 */
final class KubeApiServer implements AutoCloseable {

    /** Whom the API server lets do everything. */
    private static final String ADMIN = "admin-token";

    /** The token of the user {@link #USER}, who may do nothing until it is allowed. */
    private static final String USER_TOKEN = "weir-token";

    static final String USER = "weir";

    private static final Duration READY_WITHIN = Duration.ofSeconds(90);

    private final Path directory;
    private final String program;
    private final String etcd;
    private final int port;
    private final KubernetesClient admin;
    private OsProcess process;

    /** @param directory of its own; holds its keys */
    private KubeApiServer(Path directory, String etcd) {
        this.directory = directory;
        this.etcd = etcd;
        program = Peers.program("kube-apiserver");
        port = FreePorts.next();
        Peers.write(directory, "tokens.csv", """
                %s,admin,admin,system:masters
                %s,%s,weir
                """.formatted(ADMIN, USER_TOKEN, USER));
        Peers.write(directory, "service-accounts.pem", newKey());
        admin = new KubernetesClientBuilder().withConfig(config(ADMIN)).build();
        process = launch();
    }

    static PeerProcess etcd(Path directory) {
        String program = Peers.program("etcd");
        int[] port = FreePorts.next(2);
        String clients = "http://127.0.0.1:" + port[0];
        String peers = "http://127.0.0.1:" + port[1];
        return PeerProcess.start(
                "etcd",
                directory,
                List.of(
                        program,
                        "--data-dir=" + directory.resolve("etcd"),
                        "--listen-client-urls=" + clients,
                        "--advertise-client-urls=" + clients,
                        "--listen-peer-urls=" + peers,
                        "--initial-advertise-peer-urls=" + peers,
                        "--initial-cluster=default=" + peers,
                        "--unsafe-no-fsync",
                        "--log-level=error"),
                clients + "/health",
                Map.of("clients", port[0]));
    }

    /** One of those before this etcd; each has a port of its own. */
    static KubeApiServer before(PeerProcess etcd, Path parent) {
        try {
            return new KubeApiServer(Files.createTempDirectory(parent, "kube-apiserver-"), etcd.url("clients"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Who may do everything. */
    KubernetesClient admin() {
        return admin;
    }

    /** For Weir, as {@link #USER}. */
    Config configOfUser() {
        return config(USER_TOKEN);
    }

    /** {@link #configOfUser} as a file. */
    Path kubeconfig() {
        return kubeconfig(USER_TOKEN);
    }

    /** For kubectl, as who may do everything. */
    Path adminKubeconfig() {
        return kubeconfig(ADMIN);
    }

    private Path kubeconfig(String token) {
        return Peers.write(directory, "kubeconfig-" + token, """
                apiVersion: v1
                kind: Config
                clusters: [ { name: c, cluster: { server: "https://127.0.0.1:%d", insecure-skip-tls-verify: true } } ]
                users: [ { name: u, user: { token: %s } } ]
                contexts: [ { name: x, context: { cluster: c, user: u } } ]
                current-context: x
                """.formatted(port, token));
    }

    /** Lets {@link #USER} do the least that watching pods needs. */
    void allowPods() {
        admin.rbac()
                .clusterRoles()
                .resource(new ClusterRoleBuilder()
                        .withNewMetadata()
                        .withName("weir")
                        .endMetadata()
                        .addNewRule()
                        .withApiGroups("")
                        .withResources("pods")
                        .withVerbs("get", "list", "watch")
                        .endRule()
                        .build())
                .create();
        admin.rbac()
                .clusterRoleBindings()
                .resource(new ClusterRoleBindingBuilder()
                        .withNewMetadata()
                        .withName("weir")
                        .endMetadata()
                        .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", "weir")
                        .addNewSubject("rbac.authorization.k8s.io", "User", USER, null)
                        .build())
                .create();
    }

    int port() {
        return port;
    }

    /** From now on it says nothing more, and its connections stay open. */
    void pause() {
        process.signal("STOP");
    }

    /** After {@link #pause}. */
    void resume() {
        process.signal("CONT");
    }

    /** kill -9. */
    void kill() {
        process.kill();
    }

    /** After {@link #kill}: on the same port. */
    void restart() {
        process = launch();
    }

    @Override
    public void close() {
        admin.close();
        process.close();
    }

    private OsProcess launch() {
        OsProcess started = OsProcess.start(
                "kube-apiserver",
                directory,
                Map.of(),
                List.of(
                        program,
                        "--etcd-servers=" + etcd,
                        "--bind-address=127.0.0.1",
                        "--advertise-address=127.0.0.1",
                        "--secure-port=" + port,
                        "--cert-dir=" + directory.resolve("certificates"),
                        "--service-account-issuer=https://kubernetes.default.svc",
                        "--service-account-key-file=" + directory.resolve("service-accounts.pem"),
                        "--service-account-signing-key-file=" + directory.resolve("service-accounts.pem"),
                        "--token-auth-file=" + directory.resolve("tokens.csv"),
                        "--authorization-mode=RBAC",
                        "--service-cluster-ip-range=10.96.0.0/16",
                        "--endpoint-reconciler-type=none",
                        "--disable-admission-plugins=ServiceAccount"));
        try {
            await().atMost(READY_WITHIN)
                    .pollInterval(Duration.ofMillis(200))
                    .failFast("kube-apiserver has ended", () -> !started.isAlive())
                    .ignoreExceptions()
                    .until(() -> admin.raw("/readyz") != null
                            && admin.namespaces().withName("default").get() != null);
        } catch (RuntimeException e) {
            started.close();
            throw new AssertionError("kube-apiserver did not get ready:\n" + started.output(), e);
        }
        return started;
    }

    private Config config(String token) {
        return new ConfigBuilder(Config.empty())
                .withMasterUrl("https://127.0.0.1:" + port)
                .withTrustCerts(true)
                .withOauthToken(token)
                .withRequestRetryBackoffLimit(0)
                .build();
    }

    private static String newKey() {
        try {
            KeyPairGenerator keys = KeyPairGenerator.getInstance("RSA");
            keys.initialize(2048);
            return "-----BEGIN PRIVATE KEY-----\n"
                    + Base64.getMimeEncoder()
                            .encodeToString(keys.generateKeyPair().getPrivate().getEncoded())
                    + "\n-----END PRIVATE KEY-----\n";
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
