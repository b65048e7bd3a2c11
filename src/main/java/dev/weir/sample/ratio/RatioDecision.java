package dev.weir.sample.ratio;

/** The threshold of an item, from the share that is to be kept and the threshold that it came with. */
final class RatioDecision {

    private final double ratio;
    private final long threshold;
    private final boolean proportional;

    RatioDecision(double ratio, RatioConfig.Mode mode) {
        this.ratio = ratio;
        this.threshold = Threshold.ofRatio(ratio);
        this.proportional = mode == RatioConfig.Mode.PROPORTIONAL;
    }

    /**
     * Never under the one it came with.
     *
     * @param incoming 56 bits, or negative for an item that came without
     */
    long outgoing(long incoming) {
        if (!proportional || incoming <= 0) {
            return Math.max(threshold, incoming);
        }
        double product = ratio * Threshold.probability(incoming);
        return product < Threshold.LEAST_PROBABILITY ? Threshold.NEVER : Math.max(incoming, Threshold.ofRatio(product));
    }
}
