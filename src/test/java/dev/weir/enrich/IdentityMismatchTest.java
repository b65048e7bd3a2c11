package dev.weir.enrich;

import static dev.weir.enrich.MeshSpans.child;
import static dev.weir.enrich.MeshSpans.envoy;
import static dev.weir.enrich.MeshSpans.node;
import static dev.weir.enrich.MeshSpans.resource;
import static dev.weir.enrich.MeshSpans.resourceOf;
import static dev.weir.enrich.MeshSpans.sdk;
import static dev.weir.enrich.MeshSpans.span;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.enrich.kubernetes.Pod;
import dev.weir.pipeline.Payload;
import dev.weir.pipeline.Signal;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A verified sender, {@code evil/thief}, that names itself in one place and its victim in another. */
class IdentityMismatchTest {

    private static final String OWN_NODE = node("x", "evil", "10.9.9.9");
    private static final Pod VAULT = pod("uid-of-vault", "bank", "vault-1", "vault");
    private static final Pod KEEPER = pod("uid-of-keeper", "evil", "keeper-1", "keeper");

    private final EnrichFixture fixture = EnrichFixture.istio().from("spiffe://cluster.local/ns/evil/sa/thief");

    @ParameterizedTest
    @CsvSource({
        "k8s.namespace.name, bank",
        "k8s.pod.uid, uid-of-vault",
        "k8s.pod.uid, uid-of-keeper",
        "k8s.pod.name, keeper-1"
    })
    void shouldFlagWhatTheResourceSaysBesideItsNodeId(String key, String value) {
        fixture.pods.add(VAULT);
        fixture.pods.add(KEEPER);

        assertFlagged(envoy(resource(key, value), span("node_id", OWN_NODE)));
    }

    @ParameterizedTest
    @CsvSource({"k8s.namespace.name, bank", "k8s.pod.uid, uid-of-vault", "k8s.pod.name, keeper-1"})
    void shouldFlagWhatTheResourceOfAnAccessLogSaysBesideItsNodeId(String key, String value) throws Exception {
        fixture.pods.add(VAULT);
        fixture.pods.add(KEEPER);

        assertThat(logs(resource("log_name", "l", "node_name", OWN_NODE, key, value)))
                .containsEntry("mesh.identity.mismatch", "true");
        assertThat(logs(resource("log_name", "l", "node_name", OWN_NODE)))
                .containsEntry("k8s.pod.name", "x")
                .doesNotContainKey("mesh.identity.mismatch");
    }

    @ParameterizedTest
    @CsvSource({"bank, evil", "evil, bank"})
    void shouldFlagWhoeverNamesTwoNamespaces(String first, String second) {
        assertFlagged(
                sdk(resource("k8s.namespace.name", first, "k8s.namespace.name", second), span("http.route", "/")));
        assertFlagged(
                envoy(resource("k8s.namespace.name", first, "k8s.namespace.name", second), span("node_id", OWN_NODE)));
    }

    @Test
    void shouldFlagWhoeverNamesTwoPods() {
        fixture.pods.add(KEEPER);

        assertFlagged(sdk(resource("k8s.pod.uid", "uid-of-keeper", "k8s.pod.uid", "own"), span("http.route", "/")));
        assertFlagged(sdk(
                resource("k8s.pod.uid", "own", "k8s.namespace.name", "evil", "k8s.pod.name", "keeper-1"),
                span("http.route", "/")));
    }

    @Test
    void shouldFlagTheUidOfAPodThatIsOtherwiseNotAsClaimed() {
        fixture.pods.add(VAULT);

        assertFlagged(
                sdk(resource("k8s.pod.uid", "uid-of-vault", "k8s.namespace.name", "evil"), span("http.route", "/")));
    }

    @Test
    void shouldFlagItOnceKubernetesKnowsThePod() {
        ExportTraceServiceRequest sent = envoy(resource("k8s.pod.uid", "uid-of-vault"), span("node_id", OWN_NODE));
        assertThat(resourceOf(fixture.traces(sent))).doesNotContainKey("mesh.identity.mismatch");

        fixture.pods.add(VAULT);

        assertFlagged(sent);
    }

    @ParameterizedTest
    @CsvSource({"vault-1, bank", "keeper-1, evil"})
    void shouldFlagTheRestWhenOneOfManyProxiesIsAnothers(String pod, String namespace) {
        fixture.pods.add(KEEPER);

        ExportTraceServiceRequest passed = fixture.traces(envoy(manyProxies(pod, namespace)));

        assertThat(passed.getResourceSpansList()).hasSize(PodSplit.MOST_PODS + 1);
        assertThat(MeshSpans.map(
                        passed.getResourceSpansList().getLast().getResource().getAttributesList()))
                .containsEntry("mesh.identity.mismatch", "true")
                .doesNotContainKey("k8s.pod.name");
        assertThat(resourceOf(passed)).doesNotContainKey("mesh.identity.mismatch");
    }

    @Test
    void shouldNotFlagTheRestWhenAllProxiesAreItsOwn() {
        ExportTraceServiceRequest passed = fixture.traces(envoy(manyProxies("x", "evil")));

        assertThat(passed.getResourceSpansList())
                .hasSize(PodSplit.MOST_PODS + 1)
                .allSatisfy(part -> assertThat(MeshSpans.map(part.getResource().getAttributesList()))
                        .doesNotContainKey("mesh.identity.mismatch"));
    }

    @ParameterizedTest
    @CsvSource({"bank, true", "evil, false"})
    void shouldFlagWhatIsTooLongToBeSplit(String namespace, boolean isFlagged) {
        ExportTraceServiceRequest passed =
                fixture.traces(envoy(resource("service.name", "x".repeat(200_000)), manyProxies("vault-1", namespace)));

        assertThat(passed.getResourceSpansList()).hasSize(1);
        assertThat(resourceOf(passed).containsKey("mesh.identity.mismatch")).isEqualTo(isFlagged);
    }

    /** The last two of one too many are of this pod. */
    private static Span[] manyProxies(String pod, String namespace) {
        Span[] spans = new Span[PodSplit.MOST_PODS + 3];
        for (int i = 0; i < spans.length; i++) {
            String id = String.format("%02x", i + 1);
            spans[i] = i <= PodSplit.MOST_PODS
                    ? child(id, "", "node_id", node("x-" + i, "evil", "10.9.9." + i))
                    : child(id, "", "node_id", node(pod, namespace, "10.1.2.3"));
        }
        return spans;
    }

    @Test
    void shouldNotFlagWhoeverSaysTheSameTwice() {
        fixture.pods.add(pod("uid-of-x", "evil", "x", "thief"));

        assertThat(resourceOf(fixture.traces(envoy(
                        resource("k8s.pod.uid", "uid-of-x", "k8s.namespace.name", "evil", "k8s.pod.name", "x"),
                        span("node_id", OWN_NODE)))))
                .doesNotContainKey("mesh.identity.mismatch");
        assertThat(resourceOf(fixture.traces(sdk(
                        resource("k8s.namespace.name", "evil", "k8s.namespace.name", "evil"),
                        span("http.route", "/")))))
                .doesNotContainKey("mesh.identity.mismatch");
    }

    private void assertFlagged(ExportTraceServiceRequest request) {
        assertThat(resourceOf(fixture.traces(request))).containsEntry("mesh.identity.mismatch", "true");
    }

    private Map<String, String> logs(Resource.Builder resource) throws InvalidProtocolBufferException {
        Payload passed = fixture.send(
                Signal.LOGS,
                ExportLogsServiceRequest.newBuilder()
                        .addResourceLogs(ResourceLogs.newBuilder()
                                .setResource(resource)
                                .addScopeLogs(ScopeLogs.newBuilder().addLogRecords(LogRecord.newBuilder())))
                        .build()
                        .toByteArray());
        assertThat(passed).isNotNull();
        return MeshSpans.map(ExportLogsServiceRequest.parseFrom(passed.bytes())
                .getResourceLogs(0)
                .getResource()
                .getAttributesList());
    }

    private static Pod pod(String uid, String namespace, String name, String account) {
        return new Pod(uid, namespace, name, null, account, Map.of("k8s.pod.uid", uid, "k8s.pod.name", name));
    }
}
