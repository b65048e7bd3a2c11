package dev.weir.sample.tail;

import java.security.SecureRandom;

/**
 * SipHash-1-3 of trace ids under a random key: senders choose the ids, and must not be able to choose their hashes.
 *
 * @see <a href="https://www.aumasson.jp/siphash/siphash.pdf">SipHash: a fast short-input PRF</a>
 */
final class IdHash {

    private final long key0;
    private final long key1;

    IdHash() {
        SecureRandom random = new SecureRandom();
        key0 = random.nextLong();
        key1 = random.nextLong();
    }

    IdHash(long key0, long key1) {
        this.key0 = key0;
        this.key1 = key1;
    }

    /** All 64 bits are of use: one part may choose the shard, another the place in its table. */
    long of(long traceIdHigh, long traceIdLow) {
        long v0 = key0 ^ 0x736f6d6570736575L;
        long v1 = key1 ^ 0x646f72616e646f6dL;
        long v2 = key0 ^ 0x6c7967656e657261L;
        long v3 = key1 ^ 0x7465646279746573L;
        long word = traceIdHigh;
        for (int i = 0; i < 6; i++) { // a round for each word and the length, three to finish
            if (i < 3) {
                v3 ^= word;
            }
            v0 += v1;
            v1 = Long.rotateLeft(v1, 13) ^ v0;
            v0 = Long.rotateLeft(v0, 32);
            v2 += v3;
            v3 = Long.rotateLeft(v3, 16) ^ v2;
            v0 += v3;
            v3 = Long.rotateLeft(v3, 21) ^ v0;
            v2 += v1;
            v1 = Long.rotateLeft(v1, 17) ^ v2;
            v2 = Long.rotateLeft(v2, 32);
            if (i < 3) {
                v0 ^= word;
                word = i == 0 ? traceIdLow : 16L << 56;
                v2 ^= i == 2 ? 0xff : 0;
            }
        }
        return v0 ^ v1 ^ v2 ^ v3;
    }
}
