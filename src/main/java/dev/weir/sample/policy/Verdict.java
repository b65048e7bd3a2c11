package dev.weir.sample.policy;

/** What {@code Rules} decided about a trace. Reused: one for each thread that decides. */
public final class Verdict {

    /** Scratch of the thread that decides. */
    final Draw draw = new Draw();

    /** How many decisions it was used for. */
    int decisions;

    private boolean kept;
    private String policy = "";
    private long threshold;
    private boolean probabilityKnown = true;

    /** Whether the trace is kept; else it is sampled out by {@link #policy}. */
    public boolean isKept() {
        return kept;
    }

    /** The name of the policy that decided, {@code <name>.ceiling} for what a rate's ceiling refused, or {@code none}. */
    public String policy() {
        return policy;
    }

    /** The rejection threshold T, 56 bits: the trace was kept because its randomness is at least T. 0: for certain. */
    public long threshold() {
        return threshold;
    }

    /** False when a ceiling acted in the interval: the kept spans lose their {@code th}. */
    public boolean isProbabilityKnown() {
        return probabilityKnown;
    }

    void keep(String byPolicy, long atThreshold, boolean isKnown) {
        kept = true;
        policy = byPolicy;
        threshold = atThreshold;
        probabilityKnown = isKnown;
    }

    void sampleOut(String byPolicy, long atThreshold) {
        kept = false;
        policy = byPolicy;
        threshold = atThreshold;
        probabilityKnown = true;
    }
}
