package dev.weir.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.it.MeshCalls.Call;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A mesh whose tags are replaced by the conventions. */
class EnvoySemconvOnlyIT {

    @Test
    void shouldReplaceEnvoysTagsButNotWhatKialiReads(@TempDir Path directory) {
        try (EnvoyChain chain = new EnvoyChain(directory, EnvoyChain.MESH + "  dialect: semconv-only\n")) {
            // When
            Call call = MeshCalls.get(
                    chain.productpageOutbound(), "http://reviews.default.svc.cluster.local:8080/productpage");

            // Then
            List<MeshSpan> spans = chain.await(call.traceId(), 2);
            assertThat(spans)
                    .allSatisfy(span -> assertThat(span.attributes())
                            .containsEntry("http.request.method", "GET")
                            .containsEntry("http.response.status_code", 200L)
                            .containsKeys(
                                    "url.full", "user_agent.original", "cloud.availability_zone", "k8s.cluster.name")
                            .containsKeys("node_id", "upstream_cluster", "istio.canonical_service", "istio.namespace")
                            .containsKeys("istio.mesh_id", "istio.cluster_id", "guid:x-request-id")
                            .doesNotContainKeys(
                                    "http.url", "http.method", "http.status_code", "http.protocol", "user_agent")
                            .doesNotContainKeys("request_size", "response_size", "zone", "response_flags"));
            assertThat(spans.getFirst().attributes()).containsEntry("peer.service", "reviews.default");
        }
    }
}
