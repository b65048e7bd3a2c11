package dev.weir.enrich.kubernetes;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How the watch on pods is doing, at a moment. Holds no credential, so that it may be shown to anybody.
 *
 * @param state what of the pods is known
 * @param since when this state began
 * @param pods that are known
 * @param limit the most that are kept
 * @param ignored times that something was said of a pod beyond {@code limit}
 * @param syncs times that the list of all pods was complete and the watch began anew
 * @param failures times that the API server refused, or was lost or not reached
 * @param lastError the last of these, at most 300 characters; null when there was none
 * @param lastErrorAt when that was
 */
public record WatchStatus(
        State state,
        Instant since,
        int pods,
        int limit,
        long ignored,
        long syncs,
        long failures,
        @Nullable String lastError,
        @Nullable Instant lastErrorAt) {

    /** What of the pods is known. */
    public enum State {
        /** Nothing: pods are not asked for. */
        OFF,
        /** Not all yet: the first list is under way. */
        CONNECTING,
        /** Everything, within moments. */
        SYNCED,
        /** What was known when the API server refused or was lost; nothing when it was never reached. It is asked again. */
        BROKEN
    }
}
