package dev.weir.otlp;

/** A keyed 64-bit hash of short byte ranges: multiply and fold, as wyhash does. Not cryptographic. */
public final class ByteHash {

    private static final long ODD = 0x9e3779b97f4a7c15L;

    private ByteHash() {}

    /** Hash of the range, chained from and keyed by {@code key}. */
    public static long of(long key, byte[] bytes, int from, int to) {
        long hash = mix(key, to - from);
        int p = from;
        for (; to - p >= Long.BYTES; p += Long.BYTES) {
            hash = mix(hash, Wire.fixed64(bytes, p));
        }
        if (p < to) {
            long tail = 0;
            for (; p < to; p++) {
                tail = tail << 8 | bytes[p] & 0xff;
            }
            hash = mix(hash, tail);
        }
        return hash;
    }

    /** Folds the 128-bit product. The added constants keep a zero from sticking. */
    static long mix(long hash, long word) {
        long a = hash ^ word;
        long b = hash + ODD | 1;
        return (Math.multiplyHigh(a, b) ^ a * b) + Long.rotateLeft(hash, 23);
    }
}
