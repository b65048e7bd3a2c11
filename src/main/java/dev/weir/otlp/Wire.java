package dev.weir.otlp;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Protobuf's wire format: tags, varints, fixed words and length prefixes.
 *
 * @see <a href="https://protobuf.dev/programming-guides/encoding/">Encoding</a>
 */
final class Wire {

    static final int VARINT = 0;
    static final int FIXED64 = 1;
    static final int LENGTH = 2;
    static final int FIXED32 = 5;

    /**
     * Of tags and lengths, which have 32 bits. They may be longer than need be, but not longer than this: protobuf's C++
     * parsers refuse that.
     */
    static final int MAX_PREFIX_BYTES = 5;

    /** 64 bits in 7-bit groups; the tenth byte holds one bit. */
    static final int MAX_VARINT_BYTES = 10;

    /** The bits that say that a varint goes on, in eight bytes; and those that are set in one of eight. */
    private static final long CONTINUES = 0x80_80_80_80_80_80_80_80L;

    private static final long CONTINUED = 0x00_80_80_80_80_80_80_80L;

    private static final long MAX_TAG = 0xffff_ffffL;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private Wire() {}

    static long fixed64(byte[] bytes, int at) {
        return (long) LONGS.get(bytes, at);
    }

    static int fixed32(byte[] bytes, int at) {
        return (int) INTS.get(bytes, at);
    }

    /** End of the varint at {@code at}, checked: inside {@code end}, at most ten bytes, at most 64 bits. */
    static int varintEnd(byte[] bytes, int at, int end) throws OtlpFormatException {
        int last = (int) Math.min((long) at + MAX_VARINT_BYTES, end);
        for (int p = at; p < last; p++) {
            if (bytes[p] >= 0) {
                if (p - at == MAX_VARINT_BYTES - 1 && bytes[p] > 1) {
                    throw new OtlpFormatException(at, "varint over 64 bits");
                }
                return p + 1;
            }
        }
        throw end - at < MAX_VARINT_BYTES
                ? new OtlpFormatException(at, "truncated varint")
                : new OtlpFormatException(at, "varint over 10 bytes");
    }

    /** Whether the bytes are a single varint of at most eight; without a loop, which would cost more than all else. */
    static boolean isOneVarint(byte[] bytes, int from, int to) {
        int unused = Long.SIZE - (to - from) * Byte.SIZE;
        return unused >= 0
                && unused < Long.SIZE
                && to >= Long.BYTES
                && ((fixed64(bytes, to - Long.BYTES) ^ CONTINUED) & CONTINUES) >>> unused == 0;
    }

    /** End of the tag at {@code at}, checked: a varint of at most five bytes and 32 bits. */
    static int tagEnd(byte[] bytes, int at, int end) throws OtlpFormatException {
        int after = varintEnd(bytes, at, end);
        if (after - at > MAX_PREFIX_BYTES || varint(bytes, at) > MAX_TAG) {
            throw new OtlpFormatException(at, "field number over 29 bits, or tag over 5 bytes");
        }
        return after;
    }

    /** Value of a varint that is known to be complete. */
    static long varint(byte[] bytes, int at) {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte next = bytes[at++];
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                break;
            }
        }
        return value;
    }

    /**
     * Reads and checks the length prefix at {@code at}.
     *
     * @return start of the content in the high and its end in the low 32 bits
     */
    static long content(byte[] bytes, int at, int end) throws OtlpFormatException {
        if (at >= end) {
            throw new OtlpFormatException(at, "truncated: length missing");
        }
        long length = bytes[at];
        int start = at + 1;
        if (length < 0) {
            if (start < end && bytes[start] >= 0) { // two bytes, as of a span
                length = length & 0x7f | bytes[start++] << 7;
            } else {
                start = varintEnd(bytes, at, end);
                length = varint(bytes, at);
            }
        }
        if (length < 0 || length > end - start) {
            throw new OtlpFormatException(at, "length past the end");
        }
        if (start - at > MAX_PREFIX_BYTES) {
            throw new OtlpFormatException(at, "length of over 5 bytes");
        }
        return (long) start << 32 | (start + length);
    }

    /** The length at {@code at}, which has been checked. */
    static int length(byte[] bytes, int at) {
        int length = bytes[at];
        return length >= 0 ? length : (int) varint(bytes, at);
    }

    static int contentStart(long content) {
        return (int) (content >>> 32);
    }

    static int contentEnd(long content) {
        return (int) content;
    }

    /** Bytes of a length-delimited field with a one-byte tag. */
    static long fieldLength(long contentLength) {
        return 1 + varintLength(contentLength) + contentLength;
    }

    static int varintLength(long value) {
        return (70 - Long.numberOfLeadingZeros(value | 1)) / 7;
    }

    /** Writes tag and length prefix; returns the position after them. */
    static int putPrefix(byte[] out, int at, byte tag, long length) {
        out[at++] = tag;
        while (length > 0x7f) {
            out[at++] = (byte) (length | 0x80);
            length >>>= 7;
        }
        out[at++] = (byte) length;
        return at;
    }
}
