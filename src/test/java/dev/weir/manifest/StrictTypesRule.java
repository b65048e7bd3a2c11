package dev.weir.manifest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Documents of Kubernetes, the Gateway API and the Prometheus operator are read into typed models; a field that the type does
 * not have is a fault. Of other groups there is no model: the API server checks them against their CustomResourceDefinitions.
 */
final class StrictTypesRule implements Rule {

    /** Groups whose types the API server alone knows. */
    private static final Set<String> WITHOUT_MODEL = Set.of(
            "networking.istio.io",
            "security.istio.io",
            "telemetry.istio.io",
            "extensions.istio.io",
            "install.istio.io",
            "policy.linkerd.io",
            "linkerd.io",
            "flagger.app");

    private static final KubernetesSerialization TYPES = new KubernetesSerialization();

    /** The models take unknown fields into a map of their own; without it they are errors. */
    private static final ObjectMapper STRICT = new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .setAnnotationIntrospector(new JacksonAnnotationIntrospector() {
                @Override
                public Boolean hasAnySetter(Annotated annotated) {
                    return false;
                }
            });

    @Override
    public void check(Overlay overlay, Consumer<String> fault) {
        overlay.manifests().forEach(manifest -> check(manifest, fault));
    }

    private static void check(Manifest manifest, Consumer<String> fault) {
        Class<? extends KubernetesResource> type =
                TYPES.getRegisteredKubernetesResource(manifest.apiVersion(), manifest.kind());
        if (type == null) {
            if (!WITHOUT_MODEL.contains(manifest.group())) {
                fault.accept(manifest + ": there is no " + manifest.apiVersion() + " " + manifest.kind());
            }
            return;
        }
        try {
            STRICT.treeToValue(manifest.json(), type);
        } catch (JsonProcessingException e) {
            fault.accept(manifest + ": is no " + type.getSimpleName() + ": " + e.getOriginalMessage());
        }
    }
}
