package dev.weir.enrich.identity;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who sent a request.
 *
 * @param verified whose certificate the mesh or we have checked; null when that is not certain
 * @param relay whether it is one that forwards for others, whose word about them is kept
 * @param outcome how that came
 */
public record Caller(@Nullable SpiffeId verified, boolean relay, Outcome outcome) {

    private static final Map<Outcome, Caller> UNKNOWN = new EnumMap<>(Outcome.class);

    static {
        for (Outcome outcome : Outcome.values()) {
            UNKNOWN.put(outcome, new Caller(null, false, outcome));
        }
    }

    /** Of whom nothing is known. */
    public static final Caller NONE = unknown(Outcome.NONE);

    /** The workload that answers for what the request says of its origin; null when it is not known, or forwards for others. */
    public @Nullable SpiffeId workload() {
        return relay || verified == null || verified.namespace() == null ? null : verified;
    }

    static Caller unknown(Outcome outcome) {
        Caller caller = UNKNOWN.get(outcome);
        return caller == null ? new Caller(null, false, outcome) : caller;
    }
}
