package dev.weir.receive;

import dev.weir.pipeline.Refusal;

/** What senders are told whose request cannot be taken. */
final class Refusals {

    private final Admission admission;

    Refusals(Admission admission) {
        this.admission = admission;
    }

    static Refusal draining() {
        return Refusal.retryable(Refusal.Reason.DRAINING, "shutting down", Admission.DEFAULT_RETRY);
    }

    static Refusal tooLarge(int limit) {
        return Refusal.permanent(
                Refusal.Reason.TOO_LARGE, "the message is over the limit of " + limit + " bytes after decompression");
    }

    static Refusal invalid(String why) {
        return Refusal.permanent(Refusal.Reason.INVALID, why);
    }

    /** Too many big messages wait for a decoder. */
    static Refusal busy() {
        return Refusal.retryable(
                Refusal.Reason.MEMORY, "too many big messages are waiting to be decoded", Admission.DEFAULT_RETRY);
    }

    static Refusal tooLate() {
        return Refusal.retryable(Refusal.Reason.TIMEOUT, "waited too long to be decoded", Admission.DEFAULT_RETRY);
    }

    /** A body that has not come whole in time. Retryable, unlike HTTP's own 408: OTLP's senders drop what gets that. */
    static Refusal tooSlow() {
        return Refusal.retryable(
                Refusal.Reason.TIMEOUT, "the body has not come whole in time", Admission.DEFAULT_RETRY);
    }

    private static Refusal failed() {
        return Refusal.retryable(Refusal.Reason.TIMEOUT, "the request could not be processed", Admission.DEFAULT_RETRY);
    }

    /** After decoding threw: what it threw for want of memory may succeed later, a bug of ours would only come again. */
    static Refusal undecoded(Throwable fault) {
        return fault instanceof OutOfMemoryError ? outOfMemory() : invalid("the message cannot be decoded");
    }

    /** After a stage threw: whatever it was, it is not the sender's fault. */
    static Refusal unprocessed(Throwable fault) {
        return fault instanceof OutOfMemoryError ? outOfMemory() : failed();
    }

    private static Refusal outOfMemory() {
        return Refusal.retryable(
                Refusal.Reason.MEMORY, "there was no memory to process the request", Admission.DEFAULT_RETRY);
    }

    /** After the charge was refused more. */
    Refusal noMemory(Charge charge) {
        if (charge.isBeyondReach()) {
            return neverFits(charge.wanted());
        }
        return Refusal.retryable(
                Refusal.Reason.MEMORY,
                "the memory for requests, or this sender's fair share of it, is used up",
                admission.retryAfter(charge.wanted() - charge.bytes()));
    }

    Refusal neverFits(long bytes) {
        return Refusal.permanent(
                Refusal.Reason.TOO_LARGE,
                "the message needs " + bytes + " bytes of memory and one sender can have " + admission.mostOfOne()
                        + "; send less at once, or raise weir.memory.limit");
    }

    Refusal of(StoppedException stopped, Exchange exchange) {
        return switch (stopped.reason()) {
            case TOO_LARGE -> tooLarge(exchange.maxMessageSize());
            case INVALID -> invalid(String.valueOf(stopped.getMessage()));
            default -> noMemory(exchange.charge);
        };
    }
}
