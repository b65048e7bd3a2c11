package dev.weir.it;

import static dev.weir.it.Samples.attribute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.it.MeshCertificates.Workload;
import io.opentelemetry.proto.common.v1.KeyValue;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What three say together: a sidecar of whose certificate the sender's is, a real API server which pods there are, and the sender. */
class EnvoyKubernetesIT {

    private static final String STARTED = "2026-01-31T10:00:00Z";

    @TempDir
    static Path directory;

    private static PeerProcess etcd;
    private static KubeApiServer server;
    private static EnvoyChain chain;
    private static String uid;

    @BeforeAll
    static void start() {
        Peers.program("kube-apiserver"); // skips before anything is started
        etcd = KubeApiServer.etcd(directory);
        server = KubeApiServer.before(etcd, directory);
        server.allowPods();
        uid = new KubePods(server.admin())
                .create(EnvoyChain.PRODUCTPAGE.name(), EnvoyChain.PRODUCTPAGE.ip(), STARTED, "bookinfo-productpage");
        chain = new EnvoyChain(
                directory,
                EnvoyChain.MESH + "  kubernetes: on\n",
                Map.of("KUBECONFIG", server.kubeconfig().toString()));
        await().atMost(Duration.ofSeconds(60))
                .until(() ->
                        chain.weir.status().at("/kubernetes/state").asText().equals("SYNCED"));
    }

    @AfterAll
    static void stop() {
        Parts.close(chain, server, etcd);
    }

    @Test
    void shouldSayWhatKubernetesKnowsOfThePodBehindASidecar() {
        // When
        MeshCalls.Call call =
                MeshCalls.get(chain.productpageOutbound(), "http://reviews.default.svc.cluster.local:8080/productpage");

        // Then
        List<MeshSpan> spans = chain.await(call.traceId(), 2);
        assertThat(spans.getFirst().resource())
                .containsEntry("k8s.deployment.name", "web")
                .containsEntry("k8s.pod.uid", uid)
                .containsEntry("k8s.pod.name", EnvoyChain.PRODUCTPAGE.name())
                .containsEntry("k8s.node.name", "node-1")
                .containsEntry("mesh.client.principal", chain.productpage.spiffeId())
                .doesNotContainKey("mesh.identity.mismatch");
        assertThat(spans.getLast().resource())
                .as("a pod that is not in the cluster")
                .containsEntry("k8s.pod.name", EnvoyChain.REVIEWS.name())
                .doesNotContainKeys("k8s.deployment.name", "mesh.identity.mismatch");
    }

    @Test
    void shouldFlagAnotherServiceAccountOfTheSameNamespace() {
        // Given
        Workload thief = chain.certificates.workload("default", "thief", "thief.default.svc.cluster.local");

        // When
        KeyValue node = attribute("node_id", EnvoyChain.PRODUCTPAGE.nodeId());
        String byNode = sent(thief, List.of(), node);
        String byUid = sent(thief, List.of(attribute("k8s.pod.uid", uid)));
        String own = sent(chain.productpage, List.of(), node);

        // Then
        assertThat(List.of(resource(byNode), resource(byUid)))
                .allSatisfy(resource -> assertThat(resource)
                        .containsEntry("mesh.client.service_account", "thief")
                        .containsEntry("mesh.identity.mismatch", true)
                        .doesNotContainKey("k8s.deployment.name"));
        assertThat(resource(own))
                .containsEntry("k8s.deployment.name", "web")
                .doesNotContainKey("mesh.identity.mismatch");
    }

    private static String sent(Workload sender, List<KeyValue> resource, KeyValue... attributes) {
        String traceId = MeshCalls.traceId();
        try (MeshSender client = new MeshSender(chain, sender)) {
            client.send(MeshSender.span(traceId, resource, attributes));
        }
        return traceId;
    }

    private static Map<String, Object> resource(String traceId) {
        return chain.await(traceId, 1).getFirst().resource();
    }
}
