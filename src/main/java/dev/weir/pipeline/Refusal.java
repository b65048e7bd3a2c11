package dev.weir.pipeline;

import java.time.Duration;

/**
 * Why a whole payload was not taken.
 *
 * @param reason a bounded, machine-readable label
 * @param message an English sentence that a person can act on
 * @param retryAfter when the sender may try again; {@link Duration#ZERO} for a refusal that is not retryable
 */
public record Refusal(Reason reason, String message, Duration retryAfter) {

    /** The closed set of reasons; each is a value of the {@code reason} label of {@code weir_receive_refused_items_total}. */
    public enum Reason {
        /** The memory budget, or this sender's fair share of it, is used up. */
        MEMORY("memory", true),
        /** A destination that refuses when full has no room. */
        QUEUE_FULL("queue_full", true),
        /** The process is shutting down. */
        DRAINING("draining", true),
        /** No answer from the pipeline within {@code receive.answer-within}. */
        TIMEOUT("timeout", true),
        /** The bytes are not a valid request. */
        INVALID("invalid", false),
        /** The message is over a configured limit. */
        TOO_LARGE("too_large", false);

        private final String label;
        private final boolean retryable;

        Reason(String label, boolean retryable) {
            this.label = label;
            this.retryable = retryable;
        }

        public String label() {
            return label;
        }

        public boolean retryable() {
            return retryable;
        }
    }

    public static Refusal retryable(Reason reason, String message, Duration retryAfter) {
        if (!reason.retryable()) {
            throw new IllegalArgumentException(reason + " is not retryable");
        }
        return new Refusal(reason, message, retryAfter);
    }

    public static Refusal permanent(Reason reason, String message) {
        if (reason.retryable()) {
            throw new IllegalArgumentException(reason + " is retryable");
        }
        return new Refusal(reason, message, Duration.ZERO);
    }

    public boolean isRetryable() {
        return reason.retryable();
    }
}
