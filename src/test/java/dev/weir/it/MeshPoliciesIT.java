package dev.weir.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Policies decide by what enrichment has written: the two stand together in the packaged application. */
class MeshPoliciesIT {

    private static final int SPANS = 6;

    @TempDir
    Path directory;

    @Test
    void shouldKeepTheTracesOfWhoeverClaimsToBeAnother() {
        try (RecordingReceiver receiver = new RecordingReceiver();
                WeirProcess weir =
                        WeirProcess.startWithTail(directory, EnvoyTraffic.MESH + """
                        sample:
                          tail:
                            decision-wait: 1s
                            policies: [ { name: impostor, identity-mismatch: true } ]
                        """ + receiver.asDestination());
                RawOtlp.Client honest = client(weir, EnvoyTraffic.HEADER_VALUE);
                RawOtlp.Client impostor =
                        client(weir, EnvoyTraffic.HEADER_VALUE.replace("/ns/default/", "/ns/elsewhere/"))) {
            // When: both claim the same pod
            honest.send(EnvoyTraffic.request(SPANS).toByteArray(), SPANS);
            impostor.send(EnvoyTraffic.request(SPANS).toByteArray(), SPANS);
            await().until(() -> honest.answered() + impostor.answered() == 2 * SPANS);
            weir.awaitBalancedLedger();

            // Then
            assertThat(receiver.itemCount()).isEqualTo(SPANS);
            assertThat(weir.status().at("/pipeline/traces/sampledOut/none").asInt())
                    .isEqualTo(SPANS);
            List<ResourceSpans> kept = receiver.requests().stream()
                    .flatMap(request -> ((ExportTraceServiceRequest) request).getResourceSpansList().stream())
                    .toList();
            assertThat(kept)
                    .isNotEmpty()
                    .allSatisfy(resource -> assertThat(resource.getResource().getAttributesList())
                            .anySatisfy(attribute -> {
                                assertThat(attribute.getKey()).isEqualTo("mesh.client.namespace");
                                assertThat(attribute.getValue().getStringValue())
                                        .isEqualTo("elsewhere");
                            })
                            .anySatisfy(attribute -> {
                                assertThat(attribute.getKey()).isEqualTo("mesh.identity.mismatch");
                                assertThat(attribute.getValue().getBoolValue()).isTrue();
                            }));
        }
    }

    @Test
    void shouldKeepCanariesAndCallsAcrossZonesByWhatKubernetesSaysOfPods() {
        Peers.program("kube-apiserver"); // skips before anything is started
        try (PeerProcess etcd = KubeApiServer.etcd(directory);
                KubeApiServer server = KubeApiServer.before(etcd, directory);
                RecordingReceiver receiver = new RecordingReceiver()) {
            server.allowPods();
            KubePods pods = new KubePods(server.admin());
            String here = pods.create("here", "10.1.0.5", "2026-01-31T10:00:00Z");
            String there = pods.create("there", "10.1.0.6", "2026-01-31T10:00:00Z");
            String canary = pods.create("canary", "10.1.0.7", "2026-01-31T10:00:00Z");
            pods.label("there", Map.of("topology.kubernetes.io/zone", "eu-1b"));
            pods.label("canary", Map.of("version", "v8"));
            try (WeirProcess weir = WeirProcess.startWithTail(
                            directory,
                            """
                            mesh: { kubernetes: on }
                            sample:
                              tail:
                                decision-wait: 1s
                                policies:
                                  - { name: canary, canary: { revision: [v8] } }
                                  - { name: across, cross-zone: true }
                            """ + receiver.asDestination(),
                            Map.of("KUBECONFIG", server.kubeconfig().toString()),
                            List.of());
                    OtlpClient client = new OtlpClient(weir.grpcPort())) {
                await().atMost(Duration.ofSeconds(60))
                        .until(() ->
                                weir.status().at("/kubernetes/state").asText().equals("SYNCED"));
                // When
                ByteString within = call(client, here, here);
                ByteString across = call(client, here, there);
                ByteString toCanary = call(client, canary, canary);
                weir.awaitBalancedLedger();

                // Then
                assertThat(receiver.requests().stream()
                                .flatMap(request ->
                                        ((ExportTraceServiceRequest) request).getResourceSpansList().stream())
                                .map(resource ->
                                        resource.getScopeSpans(0).getSpans(0).getTraceId()))
                        .contains(across, toCanary)
                        .doesNotContain(within);
            }
        }
    }

    /** A trace of two spans, of a pod and of one that it calls. */
    private static ByteString call(OtlpClient client, String uid, String calledUid) {
        List<Span> spans =
                Samples.spans("shop", 2).getResourceSpans(0).getScopeSpans(0).getSpansList();
        Span parent = spans.get(0);
        Span child = spans.get(1).toBuilder()
                .setTraceId(parent.getTraceId())
                .setParentSpanId(parent.getSpanId())
                .build();
        client.export(ExportTraceServiceRequest.newBuilder()
                .addResourceSpans(of(uid, parent))
                .addResourceSpans(of(calledUid, child))
                .build());
        return parent.getTraceId();
    }

    private static ResourceSpans of(String uid, Span span) {
        return ResourceSpans.newBuilder()
                .setResource(Resource.newBuilder().addAttributes(Samples.attribute("k8s.pod.uid", uid)))
                .addScopeSpans(ScopeSpans.newBuilder().addSpans(span))
                .build();
    }

    private static RawOtlp.Client client(WeirProcess weir, String certificate) {
        return new RawOtlp.Client(weir.grpcPort(), 1, Map.of(EnvoyTraffic.HEADER, certificate));
    }
}
