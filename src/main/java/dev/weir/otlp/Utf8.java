package dev.weir.otlp;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Strict UTF-8, as protobuf strings need it: no overlong forms, no surrogates, nothing over U+10FFFF (RFC 3629). */
final class Utf8 {

    private static final long HIGH = 0x8080_8080_8080_8080L;
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private Utf8() {}

    /** Position of the first byte that is wrong, or −1. */
    static int firstFault(byte[] bytes, int from, int end) {
        int p = from;
        while (p < end) {
            if (bytes[p] >= 0) {
                p = asciiEnd(bytes, p, end);
                continue;
            }
            int length = sequence(bytes, p, end);
            if (length == 0) {
                return p;
            }
            p += length;
        }
        return -1;
    }

    private static int asciiEnd(byte[] bytes, int from, int end) {
        int p = from;
        while (p <= end - Long.BYTES && ((long) LONG.get(bytes, p) & HIGH) == 0) {
            p += Long.BYTES;
        }
        while (p < end && bytes[p] >= 0) {
            p++;
        }
        return p;
    }

    /** Length of the sequence of several bytes that begins there, or 0. */
    private static int sequence(byte[] b, int p, int end) {
        int first = b[p] & 0xff;
        if (first >= 0xc2 && first < 0xe0) {
            return follows(b, p + 1, end, 1) ? 2 : 0;
        }
        if (end - p < 2) {
            return 0;
        }
        int second = b[p + 1] & 0xff;
        if (first >= 0xe0 && first < 0xf0) {
            boolean fits = first != 0xe0 || second >= 0xa0;
            boolean noSurrogate = first != 0xed || second < 0xa0;
            return fits && noSurrogate && follows(b, p + 1, end, 2) ? 3 : 0;
        }
        boolean fits = first != 0xf0 || second >= 0x90;
        boolean inRange = first != 0xf4 || second < 0x90;
        return first >= 0xf0 && first <= 0xf4 && fits && inRange && follows(b, p + 1, end, 3) ? 4 : 0;
    }

    private static boolean follows(byte[] b, int from, int end, int count) {
        if (end - from < count) {
            return false;
        }
        for (int i = from; i < from + count; i++) {
            if ((b[i] & 0xc0) != 0x80) {
                return false;
            }
        }
        return true;
    }
}
