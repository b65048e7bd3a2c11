package dev.weir.enrich.kubernetes;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Counts what becomes of the watch, and says once what changed. Any thread. */
final class WatchState {

    private static final int LONGEST_ERROR = 300;

    private final InstantSource clock;
    private final Consumer<String> warn;
    private final Consumer<String> inform;
    private WatchStatus.State state;
    private Instant since;
    private long syncs;
    private long failures;
    private @Nullable String lastError;
    private @Nullable Instant lastErrorAt;

    WatchState(WatchStatus.State first, InstantSource clock, Consumer<String> warn, Consumer<String> inform) {
        this.clock = clock;
        this.warn = warn;
        this.inform = inform;
        state = first;
        since = clock.instant();
    }

    /** The watch failed, or could not begin; a repeated failure is counted and said no more. */
    synchronized void failed(String error) {
        failures++;
        boolean news = state != WatchStatus.State.BROKEN || !kind(error).equals(kind(String.valueOf(lastError)));
        lastError = error.length() > LONGEST_ERROR ? error.substring(0, LONGEST_ERROR) : error;
        lastErrorAt = clock.instant();
        enter(WatchStatus.State.BROKEN);
        if (news) {
            warn.accept("what the Kubernetes API says of pods is not current, it is asked again: " + lastError);
        }
    }

    /** The watch is not running any more, for a reason that nobody knows better. */
    synchronized void lost(String error) {
        if (state != WatchStatus.State.BROKEN) {
            failed(error);
        }
    }

    /** The watch runs. */
    synchronized void synced(int pods) {
        if (state != WatchStatus.State.SYNCED) {
            syncs++;
            enter(WatchStatus.State.SYNCED);
            inform.accept("watching %d pods at the Kubernetes API".formatted(pods));
        }
    }

    synchronized WatchStatus read(int pods, int limit, long ignored) {
        return new WatchStatus(state, since, pods, limit, ignored, syncs, failures, lastError, lastErrorAt);
    }

    private void enter(WatchStatus.State next) {
        if (state != next) {
            state = next;
            since = clock.instant();
        }
    }

    /** Without what differs each time, such as the position in the list. */
    private static String kind(String error) {
        return error.replaceAll("[0-9]+", "");
    }
}
