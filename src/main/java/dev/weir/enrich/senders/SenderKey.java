package dev.weir.enrich.senders;

import org.jspecify.annotations.Nullable;

/**
 * Under which name a request is counted.
 *
 * @param kind how far the name can be trusted
 * @param name at most {@value #LONGEST} characters; what is longer is cut
 * @param relay whether it forwards for others, by configuration
 */
public record SenderKey(Kind kind, String name, boolean relay) implements Comparable<SenderKey> {

    /** Characters of a name: more than Kubernetes' longest names make, 346 in Istio's SPIFFE ids and 317 of a pod. */
    static final int LONGEST = 512;

    public SenderKey {
        name = cut(name);
    }

    /** A sender that a certificate names. */
    public static SenderKey verified(String principal, boolean relay) {
        return new SenderKey(Kind.VERIFIED, principal, relay);
    }

    /**
     * The workload that the telemetry says it is from: {@code namespace/pod}, else the service's name, with its namespace
     * where that is known.
     *
     * @return null when it says neither
     */
    public static @Nullable SenderKey claimed(
            @Nullable String namespace, @Nullable String pod, @Nullable String serviceName) {
        String workload = pod == null || pod.isEmpty() ? serviceName : pod;
        if (workload == null || workload.isEmpty()) {
            return null;
        }
        return new SenderKey(
                Kind.CLAIMED, namespace == null || namespace.isEmpty() ? workload : namespace + "/" + workload, false);
    }

    /** @param peer the socket's other end, {@code host:port}; the port is left out */
    public static SenderKey peer(String peer) {
        int colon = peer.lastIndexOf(':');
        return new SenderKey(Kind.PEER, colon > 0 ? peer.substring(0, colon) : peer, false);
    }

    /** So that a hash table stays fast for names that were made to collide. */
    @Override
    public int compareTo(SenderKey other) {
        int byName = name.compareTo(other.name);
        return byName != 0
                ? byName
                : kind != other.kind ? kind.compareTo(other.kind) : Boolean.compare(relay, other.relay);
    }

    private static String cut(String name) {
        if (name.length() <= LONGEST) {
            return name;
        }
        int end = Character.isHighSurrogate(name.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
        return name.substring(0, end);
    }

    /** How far a sender's name can be trusted. */
    public enum Kind {
        /** Named by its certificate, as the mesh or mutual TLS with Weir itself has checked it. */
        VERIFIED("verified"),
        /** Named by what the telemetry says of itself. */
        CLAIMED("claimed"),
        /** Named by the address of the connection only; behind a sidecar it is the sidecar's. */
        PEER("peer");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }
    }
}
