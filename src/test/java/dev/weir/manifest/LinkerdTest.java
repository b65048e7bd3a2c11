package dev.weir.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.opentelemetry.proto.collector.logs.v1.LogsServiceGrpc;
import io.opentelemetry.proto.collector.metrics.v1.MetricsServiceGrpc;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What Linkerd is told of Weir, in places that no schema connects. */
final class LinkerdTest {

    private static final List<String> EXPORTS = List.of(
            TraceServiceGrpc.SERVICE_NAME + "/Export",
            MetricsServiceGrpc.SERVICE_NAME + "/Export",
            LogsServiceGrpc.SERVICE_NAME + "/Export");

    @Test
    void shouldLetInTheExportMethodsAndNoOther() throws IOException {
        Manifest route = read("linkerd/components/mesh/senders.yaml")
                .one("GRPCRoute", "weir-export")
                .orElseThrow();

        assertThat(route.list("/spec/rules").stream()
                        .flatMap(rule -> Manifest.list(rule.path("matches")).stream())
                        .map(match -> match.at("/method/service").asText() + "/"
                                + match.at("/method/method").asText()))
                .containsExactlyInAnyOrderElementsOf(EXPORTS);
    }

    @Test
    void shouldSendProxiesSpansToWeirAsTheMeshKnowsIt() throws IOException {
        Overlay base = Overlay.of(
                "base",
                Files.readString(Path.of("kubernetes/base/services.yaml")) + "\n---\n"
                        + Files.readString(Path.of("kubernetes/base/rbac.yaml")));
        JsonNode collector =
                read("linkerd/control-plane/values.yaml").manifests().getFirst().at("/proxy/tracing/collector");

        assertThat(base.one("Service", "weir").orElseThrow().list("/spec/ports"))
                .anySatisfy(port -> assertThat(
                                "weir.observability:" + port.path("port").asInt())
                        .isEqualTo(collector.path("endpoint").asText()));
        assertThat(base.one(
                        "ServiceAccount",
                        collector.at("/meshIdentity/serviceAccountName").asText()))
                .isPresent();
        assertThat(collector.at("/meshIdentity/namespace").asText()).isEqualTo("observability");
    }

    /** By the names of Linkerd 2.19 and of those after it; each version passes over the other's without a word. */
    @Test
    void shouldAskForANativeSidecarByBothNames() throws IOException {
        Map<String, String> annotations = read("linkerd/components/mesh/deployment.yaml")
                .one("Deployment", "weir")
                .orElseThrow()
                .map("/spec/template/metadata/annotations");

        assertThat(annotations)
                .containsEntry("config.linkerd.io/proxy-enable-native-sidecar", "true")
                .containsEntry("config.beta.linkerd.io/proxy-enable-native-sidecar", "true");
    }

    @Test
    void shouldKnowTheSameMethodsByTheLegacyProfile() throws IOException {
        List<Pattern> patterns = read("linkerd/components/service-profile/service-profile.yaml")
                .manifests()
                .getFirst()
                .list("/spec/routes")
                .stream()
                .map(route -> Pattern.compile(route.at("/condition/pathRegex").asText()))
                .toList();

        assertThat(EXPORTS)
                .allSatisfy(method -> assertThat(patterns)
                        .filteredOn(pattern -> pattern.matcher("/" + method).matches())
                        .hasSize(1));
        assertThat(List.of("/v1/traces", "/v1/metrics", "/v1/logs"))
                .allSatisfy(path -> assertThat(patterns)
                        .filteredOn(pattern -> pattern.matcher(path).matches())
                        .hasSize(1));
    }

    private static Overlay read(String file) throws IOException {
        return Overlay.of(file, Files.readString(Path.of(file)));
    }
}
