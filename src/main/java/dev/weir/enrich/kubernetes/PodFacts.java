package dev.weir.enrich.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/** What stays of a pod of the Kubernetes API: some hundred bytes of its ten thousand. */
record PodFacts(Pod pod, Addresses addresses) {

    /**
     * @param json as the API gives it
     * @param shared gives equal texts as one; for those that many pods have
     */
    static PodFacts of(JsonNode json, UnaryOperator<String> shared) {
        JsonNode metadata = json.path("metadata");
        String uid = metadata.path("uid").asText();
        String namespace = shared.apply(metadata.path("namespace").asText());
        String name = metadata.path("name").asText();
        Map<String, String> attributes = new HashMap<>();
        put(attributes, "k8s.pod.uid", uid);
        put(attributes, "k8s.pod.name", name);
        put(attributes, "k8s.namespace.name", namespace);
        put(attributes, "k8s.node.name", shared.apply(json.at("/spec/nodeName").asText()));
        JsonNode labels = metadata.path("labels");
        put(
                attributes,
                "cloud.availability_zone",
                shared.apply(labels.path("topology.kubernetes.io/zone").asText()));
        put(
                attributes,
                "cloud.region",
                shared.apply(labels.path("topology.kubernetes.io/region").asText()));
        String workload = Owner.write(json, (key, value) -> put(attributes, key, shared.apply(value)));
        MeshTraits.write(
                json, workload == null ? name : workload, (key, value) -> put(attributes, key, shared.apply(value)));
        Addresses addresses = Addresses.of(json);
        String ip = addresses.ips().isEmpty() ? null : addresses.ips().getFirst();
        String account = shared.apply(json.at("/spec/serviceAccountName").asText());
        Pod pod = new Pod(uid, namespace, name, ip, account.isEmpty() ? null : account, Map.copyOf(attributes));
        return new PodFacts(pod, addresses);
    }

    private static void put(Map<String, String> attributes, String key, String value) {
        if (!value.isEmpty()) {
            attributes.put(key, value);
        }
    }
}
