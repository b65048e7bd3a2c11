package dev.weir.otlp;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The bytes of one scalar of a JSON text, found in the input itself, so that a long string is never inflated to chars.
 * Only a string with escapes is copied. After {@link #string} or {@link #number} the content is {@code array[from, to)}.
 *
 * <p>The input is valid UTF-8; the parser, which walks over the same bytes afterwards, checks all else.
 */
final class JsonText {

    private static final int KEPT = 16 << 10;
    private static final long QUOTES = 0x2222_2222_2222_2222L;
    private static final long BACKSLASHES = 0x5c5c_5c5c_5c5c_5c5cL;
    private static final long LOW = 0x0101_0101_0101_0101L;
    private static final long HIGH = 0x8080_8080_8080_8080L;
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    byte[] array = new byte[0];
    int from;
    int to;

    private byte[] scratch = new byte[1 << 10];

    /** Releases the input and a long copy. */
    void release() {
        array = new byte[0];
        if (scratch.length > KEPT) {
            scratch = new byte[1 << 10];
        }
    }

    /** The string whose opening quote is at {@code quote}. @param end of the input, exclusive */
    void string(byte[] input, int quote, int end) throws OtlpFormatException {
        int p = special(input, quote + 1, end);
        array = input;
        from = quote + 1;
        to = p;
        if (input[p] == '\\') {
            unescape(input, p, end);
        }
    }

    /** The number that begins there. @param end of the input, exclusive */
    void number(byte[] input, int start, int end) {
        int p = start;
        while (p < end && isNumeric(input[p])) {
            p++;
        }
        array = input;
        from = start;
        to = p;
    }

    static boolean isNumeric(byte b) {
        return b >= '0' && b <= '9' || b == '-' || b == '+' || b == '.' || b == 'e' || b == 'E';
    }

    /** Position of the first quote or backslash. */
    private static int special(byte[] input, int start, int end) throws OtlpFormatException {
        int p = start;
        for (; p <= end - Long.BYTES; p += Long.BYTES) {
            long word = (long) LONG.get(input, p);
            long quotes = word ^ QUOTES;
            long backslashes = word ^ BACKSLASHES;
            // The lowest set bit is exact; a borrow can only set bits above it.
            long found = ((quotes - LOW) & ~quotes | (backslashes - LOW) & ~backslashes) & HIGH;
            if (found != 0) {
                return p + (Long.numberOfTrailingZeros(found) >>> 3);
            }
        }
        for (; p < end; p++) {
            if (input[p] == '"' || input[p] == '\\') {
                return p;
            }
        }
        throw new OtlpFormatException(end, "JSON ends inside a string");
    }

    private void unescape(byte[] input, int firstBackslash, int end) throws OtlpFormatException {
        int in = from;
        int out = 0;
        int p = firstBackslash;
        while (true) {
            int plain = p - in;
            // An escape never becomes longer: six bytes of text make at most three, twelve make four.
            if (scratch.length - out < plain + 4) {
                scratch = Arrays.copyOf(scratch, (int) Math.min(end, 2L * (out + plain) + 4) + 4);
            }
            System.arraycopy(input, in, scratch, out, plain);
            out += plain;
            if (input[p] == '"') {
                break;
            }
            if (end - p < 2) {
                throw new OtlpFormatException(end, "JSON ends inside a string");
            }
            if (input[p + 1] == 'u') {
                int unit = hex4(input, p + 2, end);
                in = p + 6;
                int code = unit;
                if (Character.isHighSurrogate((char) unit)
                        && end - in > 6
                        && input[in] == '\\'
                        && input[in + 1] == 'u') {
                    int low = hex4(input, in + 2, end);
                    if (Character.isLowSurrogate((char) low)) {
                        code = Character.toCodePoint((char) unit, (char) low);
                        in += 6;
                    }
                }
                out = encode(code, out);
            } else {
                scratch[out++] = switch (input[p + 1]) {
                    case 'n' -> '\n';
                    case 't' -> '\t';
                    case 'r' -> '\r';
                    case 'b' -> '\b';
                    case 'f' -> '\f';
                    case '"', '\\', '/' -> input[p + 1];
                    default -> throw new OtlpFormatException(p, "unknown escape in a JSON string");
                };
                in = p + 2;
            }
            p = special(input, in, end);
        }
        array = scratch;
        from = 0;
        to = out;
    }

    private static int hex4(byte[] input, int at, int end) throws OtlpFormatException {
        int value = 0;
        for (int i = at; i < at + 4; i++) {
            int digit = i < end ? Character.digit(input[i], 16) : -1;
            if (digit < 0) {
                throw new OtlpFormatException(at, "expected four hex digits after \\u");
            }
            value = value << 4 | digit;
        }
        return value;
    }

    private int encode(int code, int at) {
        int out = at;
        // Half a surrogate pair, as languages of UTF-16 produce when they cut a string, has no UTF-8.
        int c = code >= Character.MIN_SURROGATE && code <= Character.MAX_SURROGATE ? 0xfffd : code;
        if (c < 0x80) {
            scratch[out++] = (byte) c;
        } else if (c < 0x800) {
            scratch[out++] = (byte) (0xc0 | c >> 6);
            scratch[out++] = (byte) (0x80 | c & 0x3f);
        } else {
            if (c < 0x10000) {
                scratch[out++] = (byte) (0xe0 | c >> 12);
            } else {
                scratch[out++] = (byte) (0xf0 | c >> 18);
                scratch[out++] = (byte) (0x80 | c >> 12 & 0x3f);
            }
            scratch[out++] = (byte) (0x80 | c >> 6 & 0x3f);
            scratch[out++] = (byte) (0x80 | c & 0x3f);
        }
        return out;
    }
}
