package dev.weir.enrich.kubernetes;

import io.fabric8.kubernetes.api.model.AuthInfo;
import io.fabric8.kubernetes.api.model.AuthProviderConfig;
import io.fabric8.kubernetes.api.model.Cluster;
import io.fabric8.kubernetes.api.model.Context;
import io.fabric8.kubernetes.api.model.ExecConfig;
import io.fabric8.kubernetes.api.model.ExecEnvVar;
import io.fabric8.kubernetes.api.model.FieldsV1;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ListMeta;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.NamedAuthInfo;
import io.fabric8.kubernetes.api.model.NamedCluster;
import io.fabric8.kubernetes.api.model.NamedContext;
import io.fabric8.kubernetes.api.model.NamedExtension;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Preferences;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.api.model.StatusDetails;
import io.fabric8.kubernetes.api.model.WatchEvent;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.impl.KubernetesClientImpl;
import io.fabric8.kubernetes.internal.KubernetesDeserializer;
import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * What the client finds by name while it runs, for the native executable: itself, and what it reads by Jackson beside pods, which
 * {@link PodJson} reads. Of the other models nothing is needed.
 */
@RegisterForReflection(
        targets = {
            KubernetesClientImpl.class,
            KubernetesDeserializer.class,
            Config.class,
            io.fabric8.kubernetes.api.model.Config.class,
            AuthInfo.class,
            AuthProviderConfig.class,
            Cluster.class,
            Context.class,
            ExecConfig.class,
            ExecEnvVar.class,
            FieldsV1.class,
            GenericKubernetesResource.class,
            ListMeta.class,
            ListOptions.class,
            ManagedFieldsEntry.class,
            NamedAuthInfo.class,
            NamedCluster.class,
            NamedContext.class,
            NamedExtension.class,
            ObjectMeta.class,
            OwnerReference.class,
            Preferences.class,
            Status.class,
            StatusCause.class,
            StatusDetails.class,
            WatchEvent.class,
            WatchedPod.class,
            WatchedPods.class
        })
final class NativeClient {

    private NativeClient() {}
}
