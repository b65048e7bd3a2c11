package dev.weir.bench;

import org.jspecify.annotations.Nullable;

/**
 * The greatest rate that a gateway bears: in steps upwards until one is not borne, then between the last two. A step is
 * borne when nothing is refused, all arrives within five seconds, and answers and arrivals do not fall behind.
 */
final class MaxRate {

    /** A block at a rate. */
    interface Step {
        Result run(int rate, double seconds);
    }

    private static final double SECONDS = 2.5;
    private static final double UP = 1.3;
    private static final int STEPS = 6;
    private static final double LONGEST_ANSWER = 500;
    private static final double LONGEST_WAY = 1500;

    private final Step step;
    private @Nullable Result best;
    private @Nullable Result half;
    private boolean generatorLimited;

    MaxRate(Step step) {
        this.step = step;
    }

    /** @param c of the gateway, which says where to begin */
    void from(double c) {
        double rate = Double.isNaN(c) ? 20_000 : 0.6e6 / c;
        double borne = 0;
        double tooMuch = Double.POSITIVE_INFINITY;
        for (int i = 0; i < STEPS && tooMuch / Math.max(1, borne) > 1.1; i++) {
            Result result = step.run((int) rate, SECONDS);
            if (result.counts() && result.ack99() < LONGEST_ANSWER && result.delivery99() < LONGEST_WAY) {
                best = result;
                borne = rate;
            } else {
                tooMuch = rate;
                generatorLimited = result.fault().contains("generator");
            }
            rate = Double.isInfinite(tooMuch) ? borne * UP : borne == 0 ? rate / 1.6 : Math.sqrt(borne * tooMuch);
        }
        if (borne > 0) {
            half = step.run((int) (borne / 2), SECONDS);
        }
    }

    /** The block at the greatest rate; null when even little was too much. */
    @Nullable
    Result best() {
        return best;
    }

    /** A block at half of it. */
    @Nullable
    Result half() {
        return half;
    }

    /** Whether more could not be sent: the gateway may bear more. */
    boolean isGeneratorLimited() {
        return generatorLimited;
    }
}
