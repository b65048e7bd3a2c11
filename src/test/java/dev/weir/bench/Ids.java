package dev.weir.bench;

/**
 * Ids that look random and can be led back to the number of the item that has them; sums of their hashes do not depend on
 * an order.
 */
final class Ids {

    private static final long TRACE_HIGH = 0x6A09_E667_F3BC_C908L;
    private static final long TRACE_LOW = 0xBB67_AE85_84CA_A73BL;

    private final long seed;

    /** @param seed other seeds give other ids */
    Ids(long seed) {
        this.seed = seed;
    }

    long span(long item) {
        return mix(seed + item);
    }

    /** The number of the item whose {@link #span} it is; any number when it is nobody's. */
    long itemOf(long span) {
        return unmix(span) - seed;
    }

    long traceHigh(long trace) {
        return mix((seed ^ TRACE_HIGH) + trace);
    }

    long traceLow(long trace) {
        return mix((seed ^ TRACE_LOW) + trace);
    }

    /** Of one item; all items' hashes are added up. */
    static long hash(long traceHigh, long traceLow, long span) {
        return mix(span + mix(traceLow ^ Long.rotateLeft(traceHigh, 23)));
    }

    /** A bijection (the last step of SplitMix64). */
    static long mix(long x) {
        long z = (x ^ x >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }

    static long unmix(long z) {
        long x = (z ^ z >>> 31 ^ z >>> 62) * 0x319642B2D24D8EC3L;
        x = (x ^ x >>> 27 ^ x >>> 54) * 0x96DE1B173F119089L;
        return x ^ x >>> 30 ^ x >>> 60;
    }
}
