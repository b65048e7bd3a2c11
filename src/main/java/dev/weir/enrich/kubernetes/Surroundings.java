package dev.weir.enrich.kubernetes;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tells whether this process is in a pod that may speak to the API server. */
final class Surroundings {

    /** Where Kubernetes puts it, unless {@code automountServiceAccountToken} is false. */
    static final Path TOKEN = Path.of("/var/run/secrets/kubernetes.io/serviceaccount/token");

    private static final String HOST = "KUBERNETES_SERVICE_HOST";

    private Surroundings() {}

    /** What is missing; null when it is a cluster. */
    static @Nullable String whyNoCluster(Map<String, String> environment, Path token) {
        if (environment.getOrDefault(HOST, "").isEmpty()) {
            return "this is no Kubernetes cluster (" + HOST + " is not set)";
        }
        return Files.isReadable(token) ? null : "this pod has no service account token (" + token + ")";
    }
}
