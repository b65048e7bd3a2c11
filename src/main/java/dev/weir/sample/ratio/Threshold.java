package dev.weir.sample.ratio;

/**
 * Rejection thresholds T of 56 bits, as {@code long}s: a trace is kept when its randomness R is at least T. Of
 * 2<sup>56</sup> traces T are not kept.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/otel/trace/tracestate-probability-sampling/">Probability Sampling</a>
 */
public final class Threshold {

    /** Keeps everything. */
    public static final long ALWAYS = 0;

    /** Keeps nothing; it has no text form and is never written. */
    public static final long NEVER = 1L << 56;

    /** The least probability there is: 2<sup>−56</sup>. */
    public static final double LEAST_PROBABILITY = 0x1p-56;

    public static final int MAX_DIGITS = 14;

    /** The randomness that is in the last seven bytes of a trace id. */
    private static final long RANDOMNESS = NEVER - 1;

    private Threshold() {}

    /** The threshold of a probability to the last bit, as SDKs reckon it, so that a gateway and an SDK agree. */
    public static long ofRatio(double probability) {
        return ofRatio(probability, MAX_DIGITS);
    }

    /**
     * The threshold of a probability, rounded to the nearest that can be written with so many digits. Digits {@code f} that
     * it begins with are not counted, so that small probabilities are as exact as large ones.
     *
     * @param probability over 0, at most 1; under 2<sup>−56</sup> it counts as that
     * @param digits hexadecimal, 1 to 14
     */
    public static long ofRatio(double probability, int digits) {
        if (!(probability > 0 && probability <= 1)) {
            throw new IllegalArgumentException("a probability must be over 0 and at most 1, was " + probability);
        }
        if (digits < 1 || digits > MAX_DIGITS) {
            throw new IllegalArgumentException("digits must be between 1 and " + MAX_DIGITS + ", were " + digits);
        }
        if (probability == 1) {
            return ALWAYS;
        }
        long threshold = NEVER - Math.max(1, Math.round(probability * 0x1p56));
        int leadingFs = Math.floorDiv(-(Math.getExponent(probability) + 1), 4);
        return round(threshold, Math.min(MAX_DIGITS, digits + leadingFs));
    }

    /** 2<sup>−56</sup> to 1. */
    public static double probability(long threshold) {
        return (NEVER - threshold) * LEAST_PROBABILITY;
    }

    public static boolean keeps(long randomness, long threshold) {
        return randomness >= threshold;
    }

    /** The randomness of a trace without {@code rv}: the last seven bytes of its id. */
    public static long randomnessOf(long traceIdLow) {
        return traceIdLow & RANDOMNESS;
    }

    /** The nearest threshold of four digits, leading ones counted; what rejects most is {@code ffff}. */
    public static long roundTo4Digits(long threshold) {
        return round(threshold, 4);
    }

    private static long round(long threshold, int digits) {
        int shift = 4 * (MAX_DIGITS - digits);
        if (shift == 0) {
            return threshold;
        }
        long rounded = threshold + (1L << shift - 1) >>> shift << shift;
        return Math.min(rounded, NEVER - (1L << shift));
    }
}
