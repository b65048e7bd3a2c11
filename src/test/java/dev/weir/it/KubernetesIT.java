package dev.weir.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.enrich.kubernetes.Pod;
import dev.weir.enrich.kubernetes.PodWatch;
import dev.weir.enrich.kubernetes.WatchStatus;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pods of a real API server, watched with the least rights there are. */
class KubernetesIT {

    private static final String STARTED = "2026-01-31T10:00:00Z";
    private static final long LONG_AFTER = nanos("2026-01-31T11:00:00Z");
    private static final Duration SOON = Duration.ofSeconds(20);

    /** The pauses between attempts grow to half a minute. */
    private static final Duration AFTER_PAUSES = Duration.ofSeconds(90);

    @TempDir
    Path directory;

    private PeerProcess etcd;
    private KubeApiServer server;

    @BeforeEach
    void start() {
        Peers.program("kube-apiserver"); // skips before anything is started
        etcd = KubeApiServer.etcd(directory);
        server = KubeApiServer.before(etcd, directory);
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
        if (etcd != null) {
            etcd.close();
        }
    }

    @Test
    void shouldFindPodsByUidNameAndAddressWhileTheyLive() {
        server.allowPods();
        KubePods pods = new KubePods(server.admin());
        String first = pods.create("web-7d9c-first", "10.1.0.5", STARTED);
        try (PodWatch watch = watch()) {
            awaitSynced(watch);

            // When it was there before
            Pod found = watch.byUid(first);
            assertThat(found.attributes())
                    .containsEntry("k8s.pod.name", "web-7d9c-first")
                    .containsEntry("k8s.namespace.name", "default")
                    .containsEntry("k8s.node.name", "node-1")
                    .containsEntry("k8s.deployment.name", "web")
                    .containsEntry("cloud.availability_zone", "eu-1a")
                    .containsEntry("service.istio.io/canonical-name", "shop")
                    .containsEntry("mesh.mode", "sidecar");
            assertThat(watch.byName("default", "web-7d9c-first")).isSameAs(found);
            assertThat(watch.byIp("10.1.0.5", LONG_AFTER)).isSameAs(found);
            assertThat(watch.byIp("10.1.0.5", nanos(STARTED) - 1))
                    .as("before it started")
                    .isNull();

            // When one is made, and has an address only later
            String second = pods.create("web-7d9c-second", null, null);
            await().atMost(SOON).until(() -> watch.byUid(second) != null);
            assertThat(watch.byIp("10.1.0.6", LONG_AFTER)).isNull();
            pods.started("web-7d9c-second", "10.1.0.6", STARTED);
            await().atMost(SOON).until(() -> watch.byIp("10.1.0.6", LONG_AFTER) != null);

            // When one is gone
            pods.delete("web-7d9c-first");
            await().atMost(SOON).until(() -> watch.byUid(first) == null);
            assertThat(watch.byName("default", "web-7d9c-first")).isNull();
            assertThat(watch.byIp("10.1.0.5", LONG_AFTER)).isNull();
        }
    }

    @Test
    void shouldNameTheSecondPodWhenAnAddressMovesToIt() {
        server.allowPods();
        KubePods pods = new KubePods(server.admin());
        pods.create("old", "10.1.0.7", STARTED);
        try (PodWatch watch = watch()) {
            awaitSynced(watch);
            assertThat(watch.byIp("10.1.0.7", LONG_AFTER).name()).isEqualTo("old");

            // When: the last one is still there, as it is until its node has said that it has ended
            String next = pods.create("next", "10.1.0.7", "2026-01-31T10:30:00Z");

            // Then
            await().atMost(SOON)
                    .until(() -> watch.byIp("10.1.0.7", LONG_AFTER).uid().equals(next));
            assertThat(watch.byIp("10.1.0.7", nanos("2026-01-31T10:10:00Z")))
                    .as("what the last one sent")
                    .isNull();
            pods.phase("old", "Succeeded");
            pods.delete("next");
            await().atMost(SOON).until(() -> watch.byUid(next) == null);
            assertThat(watch.byIp("10.1.0.7", LONG_AFTER)).isNull();
        }
    }

    @Test
    void shouldHoldTenThousandPods() throws Exception {
        server.allowPods();
        int count = 10_000;
        KubePods pods = new KubePods(server.admin());
        long made = System.nanoTime();
        pods.createMany(count, STARTED);
        made = System.nanoTime() - made;
        try (PodWatch none = PodWatch.start(server::configOfUser, 0, InstantSource.system())) {
            awaitSynced(none); // what the first one loads is not the pods'
            assertThat(none.status().ignored()).isEqualTo(count);
        }
        long before = usedHeap();

        // When
        long begun = System.nanoTime();
        try (PodWatch watch = watch()) {
            awaitSynced(watch);
            long took = System.nanoTime() - begun;

            // Then
            long bytes = (usedHeap() - before) / count;
            System.out.printf(
                    "%,d pods made in %.1f s, synced in %.1f s, %,d bytes of heap a pod%n",
                    count, made / 1e9, took / 1e9, bytes);
            assertThat(watch.status().pods()).isEqualTo(count);
            assertThat(bytes).isBetween(100L, 1500L);
            for (int i = 0; i < count; i += 997) {
                assertThat(watch.byIp(KubePods.address(i), LONG_AFTER).name()).isEqualTo("many-" + i);
            }
        }
    }

    @Test
    void shouldSayThatItIsNotAllowedAndBeginWhenItIs() {
        String uid = new KubePods(server.admin()).create("there", "10.1.0.10", STARTED);
        try (PodWatch watch = watch()) {
            // When
            await().atMost(SOON).until(() -> watch.status().failures() > 1);

            // Then
            assertThat(watch.status().state()).isEqualTo(WatchStatus.State.BROKEN);
            assertThat(watch.status().lastError())
                    .contains("403")
                    .contains("User \"weir\" cannot list resource \"pods\"");
            assertThat(watch.byUid(uid)).isNull();

            // When
            server.allowPods();

            // Then
            await().atMost(AFTER_PAUSES).until(() -> watch.status().state() == WatchStatus.State.SYNCED);
            assertThat(watch.byUid(uid)).isNotNull();
        }
    }

    @Test
    void shouldWriteWhatKubernetesSaysToTheResourcesOfSenders() {
        server.allowPods();
        String uid = new KubePods(server.admin()).create("web-7d9c-packaged", "10.1.0.11", STARTED);
        try (WeirProcess weir = WeirProcess.start(
                        directory,
                        "mesh: { kubernetes: on }",
                        Map.of("KUBECONFIG", server.kubeconfig().toString()),
                        List.of());
                OtlpClient client = new OtlpClient(weir.grpcPort())) {
            await().atMost(AFTER_PAUSES)
                    .until(() -> Http.getJson(weir.adminUrl("/api/status"))
                            .at("/kubernetes/state")
                            .asText()
                            .equals("SYNCED"));
            assertThat(Http.getJson(weir.adminUrl("/q/health/ready")).toString())
                    .contains("\"pods\":\"synced\"");

            // When
            ExportTraceServiceRequest.Builder request = Samples.spans("packaged", 1).toBuilder();
            request.getResourceSpansBuilder(0)
                    .getResourceBuilder()
                    .addAttributes(Samples.attribute("k8s.pod.uid", uid));
            client.export(request.build());

            // Then
            String trace = HexFormat.of()
                    .formatHex(request.getResourceSpans(0)
                            .getScopeSpans(0)
                            .getSpans(0)
                            .getTraceId()
                            .toByteArray());
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(Http.get(weir.adminUrl("/api/traces/" + trace))
                                    .body())
                            .contains("\"k8s.node.name\"", "\"node-1\"", "\"k8s.deployment.name\"", "\"web\""));
        }
    }

    private PodWatch watch() {
        return PodWatch.start(server::configOfUser, 50_000, InstantSource.system());
    }

    private static void awaitSynced(PodWatch watch) {
        await().atMost(AFTER_PAUSES).until(() -> watch.status().state() == WatchStatus.State.SYNCED);
    }

    private static long usedHeap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static long nanos(String time) {
        return TimeUnit.SECONDS.toNanos(Instant.parse(time).getEpochSecond());
    }
}
