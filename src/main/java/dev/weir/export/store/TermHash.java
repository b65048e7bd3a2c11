package dev.weir.export.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;

/**
 * Hashes of what can be searched for. Keyed by a secret of the process, so that nobody can send terms that collide; a
 * hash only leads to candidates, whose bytes are compared.
 */
final class TermHash {

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long SECRET;
    private static final long FACTOR;

    static {
        SecureRandom random = new SecureRandom();
        SECRET = random.nextLong();
        FACTOR = random.nextLong() | 1;
    }

    private TermHash() {}

    /** {@code from} inclusive, {@code to} exclusive. */
    static long of(byte[] bytes, int from, int to) {
        long hash = SECRET ^ (to - from);
        int at = from;
        for (; at + Long.BYTES <= to; at += Long.BYTES) {
            hash = mix(hash, (long) LONG.get(bytes, at));
        }
        long tail = 0;
        for (; at < to; at++) {
            tail = tail << 8 | (bytes[at] & 0xff);
        }
        return mix(hash, tail);
    }

    static long of(byte[] bytes) {
        return of(bytes, 0, bytes.length);
    }

    static long of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Of two terms together; not symmetric. */
    static long pair(long first, long second) {
        return mix(mix(SECRET, first), second);
    }

    /** What a table is addressed by. */
    static int fold(long hash) {
        return (int) (hash ^ hash >>> 32);
    }

    private static long mix(long hash, long word) {
        long x = (hash ^ word) * FACTOR + SECRET;
        return Math.unsignedMultiplyHigh(x, 0x9E3779B97F4A7C15L) ^ x * 0x9E3779B97F4A7C15L ^ Long.rotateLeft(hash, 23);
    }
}
