package dev.weir.enrich.envoy;

import static dev.weir.enrich.envoy.TranslatedSpan.server;
import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.common.v1.KeyValue;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Kiali reads of spans stays, whatever the profile. */
class KialiTest {

    private static final List<String> READ = List.of(
            "node_id",
            "hostname",
            "upstream_cluster",
            "upstream_cluster.name",
            "response_flags",
            "istio.canonical_service",
            "istio.canonical_revision",
            "istio.mesh_id",
            "istio.namespace",
            "istio.cluster_id",
            "istio.source_workload",
            "istio.source_namespace",
            "istio.source_cluster_id",
            "istio.source_canonical_service",
            "istio.source_canonical_revision",
            "istio.source_app",
            "istio.source_app_version",
            "istio.source_workload_type",
            "istio.source_instance_name",
            "istio.destination_workload",
            "istio.destination_namespace",
            "istio.destination_cluster_id",
            "istio.destination_canonical_service",
            "istio.destination_canonical_revision",
            "istio.destination_app",
            "istio.destination_app_version",
            "istio.destination_workload_type",
            "istio.destination_instance_name");

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldKeepWhatKialiReads(boolean semconvOnly) {
        // Given a span with all of it, and with what is replaced
        TranslatedSpan.Builder span = server();
        READ.forEach(key -> span.tag(key, value(key)));
        span.tag("http.method", "GET");

        // When it is translated
        TranslatedSpan translated = (semconvOnly ? span.semconvOnly() : span).translate();

        // Then only the latter is gone, and what stays is as it was
        assertThat(translated.removed()).isEqualTo(semconvOnly ? List.of("http.method") : List.of());
        assertThat(translated.after().getAttributesList())
                .containsAll(translated.before().getAttributesList().stream()
                        .filter(tag -> !tag.getKey().equals("http.method"))
                        .toList());
        assertThat(translated.after().getName()).isEqualTo(translated.before().getName());
        assertThat(translated.after().getAttributesList().stream().map(KeyValue::getKey))
                .contains("server.address", "k8s.cluster.name", "error.type");
    }

    private static String value(String key) {
        return switch (key) {
            case "node_id" -> "sidecar~10.0.0.1~web-1.shop~shop.svc.cluster.local";
            case "upstream_cluster" -> "outbound|80|v1|web.shop.svc.cluster.local";
            case "response_flags" -> "UF";
            default -> key + "'s";
        };
    }
}
