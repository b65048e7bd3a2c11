package dev.weir.export;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How one request ended. Labels are of a bounded set, messages are what the destination or the network said. */
sealed interface Outcome {

    /** The span's attribute and the summary's word. */
    String label();

    String message();

    /** The same with what it says changed. */
    default Outcome saying(String message) {
        return switch (this) {
            case Taken taken -> new Taken(taken.rejected(), message);
            case Retryable retryable -> new Retryable(retryable.label(), message, retryable.after());
            case Permanent permanent -> new Permanent(permanent.label(), message);
            case TooLarge tooLarge -> new TooLarge(tooLarge.label(), message);
        };
    }

    /** @param rejected items that the destination took part in the answer to refuse (partial success) */
    record Taken(long rejected, String message) implements Outcome {
        @Override
        public String label() {
            return rejected > 0 ? "partial" : "sent";
        }
    }

    /** @param after what the destination asked us to wait; null when it did not say */
    record Retryable(String label, String message, @Nullable Duration after) implements Outcome {}

    record Permanent(String label, String message) implements Outcome {}

    /** The destination's message limit is lower than ours. */
    record TooLarge(String label, String message) implements Outcome {}
}
