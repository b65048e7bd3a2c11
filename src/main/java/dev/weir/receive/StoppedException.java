package dev.weir.receive;

import dev.weir.pipeline.Refusal;

/** Receiving or decompressing a message stopped: too large, no memory, or not the encoding it says. No stack trace. */
final class StoppedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final Refusal.Reason reason;

    StoppedException(Refusal.Reason reason) {
        this(reason, reason.label());
    }

    StoppedException(Refusal.Reason reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    Refusal.Reason reason() {
        return reason;
    }
}
