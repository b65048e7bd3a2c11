package dev.weir.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files for others than Kubernetes, and pages, against the documents that they speak of. */
final class MeshFilesTest {

    private static final Pattern LABELLING =
            Pattern.compile("for ns in ([a-z -]+); do kubectl label namespace \\$ns weir.dev/sends=true; done");
    private static final Pattern URL = Pattern.compile("http://([a-z-]+)[.]([a-z-]+):(\\d+)");

    /** Proxies that end before the application lose its last telemetry; a tag without a length may have any. */
    @Test
    void shouldInstallAMeshWithNativeSidecarsAndShortTags() throws IOException {
        Manifest install = read("istio/mesh/install.yaml").manifests().getFirst();

        assertThat(install.at("/spec/values/pilot/env/ENABLE_NATIVE_SIDECARS").asText())
                .isEqualTo("true");
        assertThat(install.list("/spec/meshConfig/extensionProviders"))
                .filteredOn(provider -> provider.has("opentelemetry"))
                .isNotEmpty()
                .allSatisfy(provider -> assertThat(
                                provider.at("/opentelemetry/maxTagLength").asInt())
                        .isBetween(128, 1024));
        assertThat(Files.readString(Path.of("istio/mesh/shared-mesh-config.yaml")))
                .contains("set env deployment/istiod", "ENABLE_NATIVE_SIDECARS=true");
    }

    /** Kiali asks the Services that are here, in the protocol of their port. */
    @Test
    void shouldLeadKialiToServicesThatAreThere() throws IOException {
        JsonNode services =
                read("istio/kiali/values.yaml").manifests().getFirst().at("/external_services");
        Overlay demo = Overlay.of(
                "demo",
                Files.readString(Path.of("kubernetes/components/demo/jaeger.yaml")) + "\n---\n"
                        + Files.readString(Path.of("kubernetes/components/demo/prometheus.yaml")));
        List<String> urls = List.of(
                services.at("/tracing/internal_url").asText(),
                services.at("/prometheus/url").asText());

        for (String url : urls) {
            MatchResult parts = URL.matcher(url).results().findFirst().orElseThrow();
            Manifest service = demo.one("Service", parts.group(1)).orElseThrow();
            assertThat(service.namespace()).isEqualTo(parts.group(2));
            assertThat(service.list("/spec/ports"))
                    .as(url)
                    .filteredOn(port -> port.path("port").asText().equals(parts.group(3)))
                    .singleElement()
                    .satisfies(port -> assertThat(port.path("appProtocol").asText())
                            .isEqualTo(
                                    url.equals(urls.getFirst())
                                                    && services.at("/tracing/use_grpc")
                                                            .asBoolean()
                                            ? "grpc"
                                            : "http"));
        }
    }

    /** Whom the policies let in, the NetworkPolicy lets in too, gateways among them: their spans are the roots. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            docs/install.md   | ## Istio, sidecars     | istio/components/access/senders.yaml
            docs/install.md   | ## Istio, ambient      | istio/components/ambient/senders.yaml
            docs/install.md   | ## Linkerd             | linkerd/components/mesh/senders.yaml
            istio/README.md   | ## Order               | istio/components/access/senders.yaml
            linkerd/README.md | # Weir behind Linkerd  | linkerd/components/mesh/senders.yaml
            """)
    void shouldLabelEveryNamespaceThatMaySend(String page, String heading, String senders) throws IOException {
        String text = Files.readString(Path.of(page));
        String section = text.substring(text.indexOf(heading));
        MatchResult labelling = LABELLING.matcher(section).results().findFirst().orElseThrow();

        assertThat(labelling.start()).as("in the same section").isLessThan(end(section));
        assertThat(labelling.group(1).split(" ")).containsExactlyInAnyOrderElementsOf(namespaces(read(senders)));
    }

    /** A waypoint lets in whom a sidecar lets in, to the same paths. */
    @Test
    void shouldLetTheSameSendersInByAWaypoint() throws IOException {
        assertThat(senders("istio/components/ambient/senders.yaml"))
                .isEqualTo(senders("istio/components/access/senders.yaml"));
    }

    private static JsonNode senders(String file) throws IOException {
        return read(file)
                .one("AuthorizationPolicy", "weir-senders")
                .orElseThrow()
                .at("/spec/rules");
    }

    private static int end(String section) {
        int next = section.indexOf("\n## ", 1);
        return next < 0 ? section.length() : next;
    }

    /** Of Istio's policies by name, of Linkerd's as the second part of an identity. */
    private static Set<String> namespaces(Overlay senders) {
        Set<String> names = new TreeSet<>();
        senders.all("security.istio.io", "AuthorizationPolicy")
                .flatMap(policy -> policy.list("/spec/rules").stream())
                .flatMap(rule -> Manifest.list(rule.path("from")).stream())
                .forEach(from -> from.at("/source/namespaces").forEach(name -> names.add(name.asText())));
        names.addAll(senders.all("MeshTLSAuthentication")
                .flatMap(one -> one.list("/spec/identities").stream())
                .map(identity -> identity.asText().split("[.]")[1])
                .collect(Collectors.toSet()));
        return names;
    }

    private static Overlay read(String file) throws IOException {
        return Overlay.of(file, Files.readString(Path.of(file)));
    }
}
