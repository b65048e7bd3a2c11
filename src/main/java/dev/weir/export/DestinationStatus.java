package dev.weir.export;

import dev.weir.pipeline.Destination;
import dev.weir.pipeline.Signal;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One destination at a moment. Holds no header and no credential, so that it may be shown to anybody.
 *
 * @param name the key under {@code weir.export}
 * @param protocol {@code grpc} or {@code http/protobuf}
 * @param endpoint scheme, host, port and path
 * @param signals what goes there
 * @param state how it is doing
 * @param whenFull what a full queue does
 * @param queuedBytes bytes that wait or are being sent
 * @param queueLimit the most that {@code queuedBytes} may be
 * @param inFlight requests under way
 * @param lastError the last failure's code and message, at most 300 characters; null when there was none
 * @param lastErrorAt when that was
 * @param lastSuccessAt when the destination last took something
 * @param attempts requests begun
 * @param retries those of them that were not a batch's first
 * @param answered requests that ended, however
 * @param answeredIn the time all of these took together
 * @param sentBytes bytes of the requests that succeeded, before compression
 */
public record DestinationStatus(
        String name,
        String protocol,
        String endpoint,
        Set<Signal> signals,
        State state,
        Destination.WhenFull whenFull,
        long queuedBytes,
        long queueLimit,
        int inFlight,
        @Nullable String lastError,
        @Nullable Instant lastErrorAt,
        @Nullable Instant lastSuccessAt,
        long attempts,
        long retries,
        long answered,
        Duration answeredIn,
        long sentBytes) {

    /** How a destination is doing. */
    public enum State {
        /** Nothing was sent yet. */
        IDLE,
        /** The last request succeeded. */
        OK,
        /** The last request failed and is tried again. */
        RETRYING,
        /** The last request was refused for good, or nothing has succeeded for half a minute of trying. */
        FAILING
    }
}
