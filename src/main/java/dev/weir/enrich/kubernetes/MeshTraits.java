package dev.weir.enrich.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** What a mesh reads of a pod: its canonical service, its network, and how it is in the mesh. */
final class MeshTraits {

    private static final String NAME = "service.istio.io/canonical-name";
    private static final String REVISION = "service.istio.io/canonical-revision";
    private static final String NETWORK = "topology.istio.io/network";

    /** Istio's order ({@code CanonicalService} in its {@code pkg/kube/labels}). */
    private static final List<String> NAMES = List.of(NAME, "app.kubernetes.io/name", "app");

    /** Istio's order; its last resort, {@code latest}, says that there is none and is not written. */
    private static final List<String> REVISIONS = List.of(REVISION, "app.kubernetes.io/version", "version");

    private static final Set<String> PROXIES = Set.of("istio-proxy", "linkerd-proxy");

    /** Istio's CNI agent sets it on pods whose traffic it has redirected: what is, not what is wished for. */
    private static final String REDIRECTION = "ambient.istio.io/redirection";

    private MeshTraits() {}

    /** @param workload names the service when no label does; null when it is not known */
    static void write(JsonNode pod, @Nullable String workload, BiConsumer<String, String> out) {
        JsonNode labels = pod.at("/metadata/labels");
        String name = first(labels, NAMES);
        if (!name.isEmpty()) {
            out.accept(NAME, name);
        } else if (workload != null) {
            out.accept(NAME, workload);
        }
        String revision = first(labels, REVISIONS);
        if (!revision.isEmpty()) {
            out.accept(REVISION, revision);
        }
        String network = labels.path(NETWORK).asText();
        if (!network.isEmpty()) {
            out.accept(NETWORK, network);
        }
        out.accept("mesh.mode", mode(pod));
    }

    private static String mode(JsonNode pod) {
        // A native sidecar is an init container that stays.
        if (hasProxy(pod.at("/spec/containers")) || hasProxy(pod.at("/spec/initContainers"))) {
            return "sidecar";
        }
        JsonNode metadata = pod.path("metadata");
        boolean ambient = isEnabled(metadata.path("annotations")) || isEnabled(metadata.path("labels"));
        return ambient ? "ambient" : "none";
    }

    private static boolean isEnabled(JsonNode texts) {
        return texts.path(REDIRECTION).asText().equals("enabled");
    }

    private static boolean hasProxy(JsonNode containers) {
        for (JsonNode container : containers) {
            if (PROXIES.contains(container.path("name").asText())) {
                return true;
            }
        }
        return false;
    }

    private static String first(JsonNode labels, List<String> keys) {
        for (String key : keys) {
            String value = labels.path(key).asText();
            if (!value.isEmpty()) {
                return value;
            }
        }
        return "";
    }
}
