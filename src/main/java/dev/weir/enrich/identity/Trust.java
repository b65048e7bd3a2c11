package dev.weir.enrich.identity;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whose word about the sender is taken.
 *
 * @param mesh what stands in front
 * @param identity our own SPIFFE id, in whose name our sidecar receives; null when no sidecar of ours is to be believed
 * @param waypoints SPIFFE ids of waypoints that may stand in front
 * @param relays SPIFFE ids of senders that forward for others
 */
public record Trust(Mesh mesh, @Nullable String identity, Set<String> waypoints, Set<String> relays) {

    /** Nothing but client certificates. */
    public static final Trust NONE = new Trust(Mesh.NONE, null, Set.of(), Set.of());

    public Trust {
        waypoints = Set.copyOf(waypoints);
        relays = Set.copyOf(relays);
    }

    /** Those that may say whom they received from. */
    Set<String> receivers() {
        Set<String> all = new HashSet<>(waypoints);
        if (identity != null) {
            all.add(identity);
        }
        return Set.copyOf(all);
    }

    /** The mesh in front. */
    public enum Mesh {
        NONE(null),
        /** Sidecars or waypoints with mutual TLS, which append to the header ({@code APPEND_FORWARD}) or set it. */
        ISTIO("x-forwarded-client-cert"),
        /** Linkerd's proxy sets the header, and takes it out when the sender is not meshed. */
        LINKERD("l5d-client-id");

        private final @Nullable String header;

        Mesh(@Nullable String header) {
            this.header = header;
        }

        /** Where it says who sent a request; null when it does not. */
        @Nullable
        String header() {
            return header;
        }
    }
}
