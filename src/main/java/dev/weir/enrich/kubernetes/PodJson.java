package dev.weir.enrich.kubernetes;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import io.fabric8.kubernetes.api.model.ListMeta;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads pods and pages of them, one pod at a time, so that of a page no more than its text is ever in memory. */
final class PodJson {

    private final SharedTexts shared = new SharedTexts();
    private final Runnable heard;

    /** @param heard called for each pod and bookmark that comes */
    PodJson(Runnable heard) {
        this.heard = heard;
    }

    /** For a client that reads pods, and what the API server says when it refuses. */
    KubernetesSerialization serialization() {
        ObjectMapper mapper = new ObjectMapper();
        mapper.registerModule(new SimpleModule("weir-pods")
                .addDeserializer(WatchedPod.class, new OnePod())
                .addDeserializer(WatchedPods.class, new Page()));
        KubernetesSerialization serialization = new KubernetesSerialization(mapper, false);
        serialization.registerKubernetesResource("v1", "Pod", WatchedPod.class);
        serialization.registerKubernetesResource("v1", "Status", Status.class);
        return serialization;
    }

    WatchedPod pod(JsonNode json) {
        heard.run();
        JsonNode metadata = json.path("metadata");
        String uid = metadata.path("uid").asText();
        String version = metadata.path("resourceVersion").asText();
        return new WatchedPod(uid, version, uid.isEmpty() ? null : PodFacts.of(json, shared));
    }

    private final class OnePod extends JsonDeserializer<WatchedPod> {
        @Override
        public WatchedPod deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            return pod(parser.readValueAsTree());
        }
    }

    private final class Page extends JsonDeserializer<WatchedPods> {
        @Override
        public WatchedPods deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            ListMeta metadata = new ListMeta();
            List<WatchedPod> items = new ArrayList<>();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                JsonToken value = parser.nextToken();
                if (field.equals("items") && value == JsonToken.START_ARRAY) {
                    while (parser.nextToken() != JsonToken.END_ARRAY) {
                        items.add(pod(parser.readValueAsTree()));
                    }
                } else if (field.equals("metadata")) {
                    JsonNode json = parser.readValueAsTree();
                    metadata.setResourceVersion(json.path("resourceVersion").asText());
                    metadata.setContinue(json.path("continue").asText());
                } else {
                    parser.skipChildren();
                }
            }
            return new WatchedPods(metadata, items);
        }
    }
}
