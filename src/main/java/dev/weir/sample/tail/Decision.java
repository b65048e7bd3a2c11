package dev.weir.sample.tail;

import dev.weir.sample.ratio.Threshold;

/** How a trace is passed on. */
final class Decision {
    int trace = TraceRecords.NONE;
    /** Nothing was decided: log records only pass, and a span that comes yet makes a trace of what is left. */
    boolean isOpen;

    boolean isKept;
    boolean isProbabilityKnown;
    int policy;
    long randomness;
    long threshold;

    /** Kept as it came. */
    void pass() {
        isOpen = true;
        isKept = true;
        isProbabilityKnown = true;
        policy = 0;
        threshold = Threshold.ALWAYS;
    }

    void set(Decision other) {
        trace = other.trace;
        isOpen = other.isOpen;
        isKept = other.isKept;
        isProbabilityKnown = other.isProbabilityKnown;
        policy = other.policy;
        randomness = other.randomness;
        threshold = other.threshold;
    }

    void set(long remembered) {
        isKept = Remembered.isKept(remembered);
        isProbabilityKnown = Remembered.isProbabilityKnown(remembered);
        policy = Remembered.policy(remembered);
        threshold = Remembered.threshold(remembered);
    }
}
