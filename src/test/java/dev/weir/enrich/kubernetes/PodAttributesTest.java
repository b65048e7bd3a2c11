package dev.weir.enrich.kubernetes;

import static dev.weir.enrich.kubernetes.PodFixture.attributes;
import static dev.weir.enrich.kubernetes.PodFixture.pod;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What of a pod is written to a resource. */
class PodAttributesTest {

    @Test
    void shouldNameThePodItsNodeItsPlaceAndItsNetwork() {
        assertThat(attributes("""
                metadata:
                  uid: 11111111-2222-3333-4444-555555555555
                  name: web-0
                  namespace: shop
                  labels:
                    topology.kubernetes.io/zone: eu-1a
                    topology.kubernetes.io/region: eu-1
                    topology.istio.io/network: network-2
                spec: { nodeName: node-1 }
                """))
                .containsEntry("k8s.pod.uid", "11111111-2222-3333-4444-555555555555")
                .containsEntry("k8s.pod.name", "web-0")
                .containsEntry("k8s.namespace.name", "shop")
                .containsEntry("k8s.node.name", "node-1")
                .containsEntry("cloud.availability_zone", "eu-1a")
                .containsEntry("cloud.region", "eu-1")
                .containsEntry("topology.istio.io/network", "network-2");
    }

    @Test
    void shouldKnowTheServiceAccount() {
        assertThat(pod("""
                metadata: { uid: u, name: p, namespace: n }
                spec: { serviceAccountName: cart }
                """).serviceAccount()).isEqualTo("cart");
        assertThat(pod("metadata: { uid: u, name: p, namespace: n }").serviceAccount())
                .isNull();
    }

    @Test
    void shouldWriteNothingThatIsNotKnown() {
        assertThat(attributes("metadata: { uid: u, name: p, namespace: n }"))
                .containsOnlyKeys(
                        "k8s.pod.uid",
                        "k8s.pod.name",
                        "k8s.namespace.name",
                        "service.istio.io/canonical-name",
                        "mesh.mode");
    }

    @ParameterizedTest
    @CsvSource({
        "apps/v1, StatefulSet, db, k8s.statefulset.name",
        "apps/v1, DaemonSet, agent, k8s.daemonset.name",
        "batch/v1, Job, import, k8s.job.name",
    })
    void shouldNameTheOwner(String version, String kind, String name, String key) {
        assertThat(attributes(owned(version, kind, name, "true", "2026-01-31T10:00:00Z")))
                .containsEntry(key, name)
                .containsEntry("service.istio.io/canonical-name", name);
    }

    @Test
    void shouldNameTheDeploymentByTheReplicaSetAndItsHash() {
        assertThat(attributes("""
                metadata:
                  uid: u
                  name: my-web-7d9c8b6f5d-abcde
                  labels: { pod-template-hash: 7d9c8b6f5d }
                  ownerReferences: [ { apiVersion: apps/v1, kind: ReplicaSet, name: my-web-7d9c8b6f5d, controller: true } ]
                """)).containsEntry("k8s.deployment.name", "my-web");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{ pod-template-hash: other }", "{ rollouts-pod-template-hash: 7d9c }"})
    void shouldNotInventADeploymentForAReplicaSetOfItsOwn(String labels) {
        assertThat(attributes("""
                metadata:
                  uid: u
                  labels: %s
                  ownerReferences: [ { apiVersion: apps/v1, kind: ReplicaSet, name: web-7d9c, controller: true } ]
                """.formatted(labels))).doesNotContainKey("k8s.deployment.name");
    }

    @ParameterizedTest
    @CsvSource({
        // 29497560 minutes after 1970 are 2026-01-31T10:00:00Z
        "import-29497560, 2026-01-31T10:00:02Z, import",
        "import-29497560, 2026-02-01T09:00:00Z, import",
        "a-b-29497560, 2026-01-31T10:00:02Z, a-b",
        "import-1769853600, 2026-01-31T10:00:02Z, import",
        "import-29497560, 2026-01-31T09:00:00Z, ",
        "import-29497560, 2026-06-01T10:00:00Z, ",
        "import-20260131, 2026-01-31T10:00:02Z, ",
        "import-123, 2026-01-31T10:00:02Z, ",
        "import, 2026-01-31T10:00:02Z, ",
    })
    void shouldNameTheCronJobOnlyWhenTheJobIsNamedForATimeShortlyBefore(String job, String created, String cronJob) {
        var attributes = attributes(owned("batch/v1", "Job", job, "true", created));

        assertThat(attributes).containsEntry("k8s.job.name", job);
        assertThat(attributes.get("k8s.cronjob.name")).isEqualTo(cronJob);
    }

    @ParameterizedTest
    @CsvSource({
        "apps.kruise.io/v1alpha1, StatefulSet, true",
        "v1, ReplicationController, true",
        "apps/v1, StatefulSet, false",
    })
    void shouldNameNoOwnerOfAnotherKindOrThatDoesNotControl(String version, String kind, String controller) {
        assertThat(attributes(owned(version, kind, "db", controller, "2026-01-31T10:00:00Z"))
                        .keySet())
                .noneMatch(key -> key.matches("k8s\\.(deployment|statefulset|daemonset|job|cronjob)\\.name"));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "\"{ service.istio.io/canonical-name: a, app.kubernetes.io/name: b, app: c }\", a",
                "\"{ app.kubernetes.io/name: b, app: c }\", b",
                "\"{ app: c }\", c",
                "\"{ other: d }\", the-pod",
            })
    void shouldNameTheCanonicalServiceAsIstioDoes(String labels, String name) {
        assertThat(attributes("metadata: { uid: u, name: the-pod, labels: " + labels + " }"))
                .containsEntry("service.istio.io/canonical-name", name);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "\"{ service.istio.io/canonical-revision: a, app.kubernetes.io/version: b, version: c }\", a",
                "\"{ app.kubernetes.io/version: b, version: c }\", b",
                "\"{ version: c }\", c",
                "\"{ other: d }\", ",
            })
    void shouldNameTheRevisionAsIstioDoesButForLatest(String labels, String revision) {
        assertThat(attributes("metadata: { uid: u, labels: " + labels + " }")
                        .get("service.istio.io/canonical-revision"))
                .isEqualTo(revision);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "\"spec: { containers: [ { name: app }, { name: istio-proxy } ] }\", sidecar",
                "\"spec: { containers: [ { name: linkerd-proxy }, { name: app } ] }\", sidecar",
                "\"spec: { initContainers: [ { name: istio-proxy, restartPolicy: Always } ] }\", sidecar",
                "\"metadata: { annotations: { ambient.istio.io/redirection: enabled } }\", ambient",
                "\"metadata: { labels: { ambient.istio.io/redirection: enabled } }\", ambient",
                "\"metadata: { annotations: { ambient.istio.io/redirection: disabled } }\", none",
                "\"metadata: { labels: { istio.io/dataplane-mode: ambient } }\", none",
                "\"spec: { containers: [ { name: app } ] }\", none",
            })
    void shouldTellHowThePodIsInTheMesh(String pod, String mode) {
        assertThat(attributes(pod)).containsEntry("mesh.mode", mode);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"[]", "metadata: 7", "metadata: { labels: [ a ], ownerReferences: x }", "spec: { containers: z }"
            })
    void shouldTakeWhatIsNoPodForOneThatSaysNothing(String text) {
        assertThat(attributes(text)).containsEntry("mesh.mode", "none");
    }

    private static String owned(String version, String kind, String name, String controller, String created) {
        return """
                metadata:
                  uid: u
                  creationTimestamp: "%s"
                  ownerReferences: [ { apiVersion: %s, kind: %s, name: %s, controller: %s } ]
                """.formatted(created, version, kind, name, controller);
    }
}
