package dev.weir.enrich.kubernetes;

import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListMeta;
import java.util.List;

/** A page of the list of pods. */
@JsonDeserialize(using = JsonDeserializer.None.class) // not what it inherits: PodJson reads it
public record WatchedPods(ListMeta metadata, List<WatchedPod> items) implements KubernetesResourceList<WatchedPod> {

    @Override
    public ListMeta getMetadata() {
        return metadata;
    }

    @Override
    public List<WatchedPod> getItems() {
        return items;
    }
}
