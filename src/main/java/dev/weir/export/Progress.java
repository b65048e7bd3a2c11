package dev.weir.export;

import dev.weir.export.DestinationStatus.State;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** How a destination has been doing. Written on its loop, read by anybody. */
final class Progress {

    private static final Duration FAILING_AFTER = Duration.ofSeconds(30);
    private static final int MAX_MESSAGE = 300;

    private final InstantSource clock;

    private State state = State.IDLE;
    private @Nullable Instant failingSince;
    private @Nullable String lastError;
    private @Nullable Instant lastErrorAt;
    private @Nullable Instant lastSuccessAt;
    private int inFlight;
    private long attempts;
    private long retries;
    private long answered;
    private long answeredNanos;
    private long sentBytes;

    Progress(InstantSource clock) {
        this.clock = clock;
    }

    synchronized void began(boolean retry) {
        inFlight++;
        attempts++;
        if (retry) {
            retries++;
        }
    }

    synchronized void cancelled() {
        inFlight--;
    }

    synchronized void answered(Outcome outcome, int bytes, long tookNanos) {
        inFlight--;
        answered++;
        answeredNanos += tookNanos;
        Instant now = clock.instant();
        switch (outcome) {
            case Outcome.Taken taken -> {
                state = State.OK;
                failingSince = null;
                lastSuccessAt = now;
                sentBytes += bytes;
                if (taken.rejected() > 0) {
                    error(taken.rejected() + " items rejected: " + taken.message(), now);
                }
            }
            case Outcome.Retryable retryable -> {
                if (failingSince == null) {
                    failingSince = now;
                }
                state = failingSince.plus(FAILING_AFTER).isAfter(now) ? State.RETRYING : State.FAILING;
                error(text(outcome), now);
            }
            case Outcome.Permanent permanent -> {
                state = State.FAILING;
                error(text(outcome), now);
            }
            case Outcome.TooLarge tooLarge -> error(text(outcome), now);
        }
    }

    /** Code and message, fit for one line. */
    static String text(Outcome outcome) {
        return outcome.message().isBlank() ? outcome.label() : outcome.label() + ": " + outcome.message();
    }

    /** At most 300 characters and no control characters: a destination must not be able to forge lines of our log. */
    static String oneLine(String text) {
        String cut = text.length() > MAX_MESSAGE ? text.substring(0, MAX_MESSAGE - 1) + "…" : text;
        return cut.replaceAll("\\p{Cntrl}+", " ").strip();
    }

    private void error(String text, Instant now) {
        lastError = oneLine(text);
        lastErrorAt = now;
    }

    synchronized DestinationStatus status(Plan plan, long queuedBytes) {
        return new DestinationStatus(
                plan.name(),
                plan.protocol(),
                plan.endpoint().toString(),
                plan.signals(),
                state,
                plan.whenFull(),
                queuedBytes,
                plan.queueLimit(),
                inFlight,
                lastError,
                lastErrorAt,
                lastSuccessAt,
                attempts,
                retries,
                answered,
                Duration.ofNanos(answeredNanos),
                sentBytes);
    }
}
