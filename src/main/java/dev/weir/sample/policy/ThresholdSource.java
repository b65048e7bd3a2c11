package dev.weir.sample.policy;

/**
 * Chooses the threshold of each trace that a policy decides, from the load so far for example. It keeps its state over
 * reloads as long as its settings are the same. Called by many threads at once.
 */
public interface ThresholdSource {

    /**
     * Called once for each trace that is decided here.
     *
     * @return T, 0 to 2<sup>56</sup>; the trace is kept when its randomness is at least T
     */
    long threshold(TraceFacts facts, long nowNanos);

    /**
     * Called once for each trace whose randomness was enough; false when a ceiling refuses it all the same. It is then
     * sampled out as {@code <name>.ceiling}.
     */
    default boolean admits(TraceFacts facts, long nowNanos) {
        return true;
    }

    /** False while a ceiling acts: the traces kept meanwhile lose their {@code th}. */
    default boolean isProbabilityKnown(long nowNanos) {
        return true;
    }

    /** What a source is made of, as configured. Equal settings under the same name keep the running source. */
    interface Settings {
        ThresholdSource start();
    }
}
