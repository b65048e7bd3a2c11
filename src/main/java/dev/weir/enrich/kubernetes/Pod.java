package dev.weir.enrich.kubernetes;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One pod, as the Kubernetes API had it last; immutable.
 *
 * @param uid its uid, which no other pod ever gets
 * @param namespace its namespace
 * @param name its name, unique in the namespace while it lives
 * @param ip the address by which it can be found; null before it has one, once it has ended, and on the host's network, where
 *     pods share an address
 * @param serviceAccount as which it runs; null when that is not known
 * @param attributes what is written to a resource, by key: {@code k8s.*}, {@code service.istio.io/*}, {@code
 *     topology.istio.io/network}, {@code cloud.*}, {@code mesh.mode}; only what is known, never an empty text
 */
public record Pod(
        String uid,
        String namespace,
        String name,
        @Nullable String ip,
        @Nullable String serviceAccount,
        Map<String, String> attributes) {}
