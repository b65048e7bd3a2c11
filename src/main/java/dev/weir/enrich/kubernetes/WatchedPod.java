package dev.weir.enrich.kubernetes;

import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A pod as the informer hands it around: what stays of it, and of its metadata what the informer asks for. */
@JsonDeserialize(using = JsonDeserializer.None.class) // not what it inherits: PodJson reads it
@Group("")
@Version("v1")
@Kind("Pod")
@Plural("pods")
@Singular("pod")
public final class WatchedPod implements HasMetadata, Namespaced {

    @Serial
    private static final long serialVersionUID = 1;

    private final transient @Nullable PodFacts facts;
    private final ObjectMeta metadata;

    /** @param facts null of a bookmark, which is no pod and only says how far the watch has come */
    WatchedPod(String uid, String resourceVersion, @Nullable PodFacts facts) {
        this.facts = facts;
        metadata = new ObjectMeta();
        metadata.setUid(uid);
        metadata.setResourceVersion(resourceVersion);
    }

    @Nullable
    PodFacts facts() {
        return facts;
    }

    @Override
    public ObjectMeta getMetadata() {
        return metadata;
    }

    @Override
    public void setMetadata(ObjectMeta other) {
        throw new UnsupportedOperationException("a pod is only read");
    }

    @Override
    public String getKind() {
        return "Pod";
    }

    @Override
    public String getApiVersion() {
        return "v1";
    }

    /** Called for each pod of a list, whose items do not say it: it is always the same. */
    @Override
    public void setApiVersion(String version) {}
}
