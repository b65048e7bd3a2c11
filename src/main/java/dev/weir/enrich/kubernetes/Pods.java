package dev.weir.enrich.kubernetes;

import org.jspecify.annotations.Nullable;

/** The pods of the cluster, for many threads at once: each method is a look into a map, and never waits. */
public interface Pods {
    /** Without a cluster: no pod. */
    Pods NONE = new Pods() {
        @Override
        public @Nullable Pod byUid(String uid) {
            return null;
        }

        @Override
        public @Nullable Pod byName(String namespace, String name) {
            return null;
        }

        @Override
        public @Nullable Pod byIp(String ip, long seenEpochNanos) {
            return null;
        }
    };

    /** The pod with this uid, or null. */
    @Nullable
    Pod byUid(String uid);

    /** The pod that has this name now, or null. */
    @Nullable
    Pod byName(String namespace, String name);

    /**
     * The pod that has this address now, or null.
     *
     * @param ip as the Kubernetes API writes it
     * @param seenEpochNanos when the address was seen, in nanoseconds since 1970, such as a span's start: a pod that started
     *     later is not given, for the address was then another's
     */
    @Nullable
    Pod byIp(String ip, long seenEpochNanos);
}
