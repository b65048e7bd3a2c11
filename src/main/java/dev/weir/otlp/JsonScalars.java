package dev.weir.otlp;

import com.fasterxml.jackson.core.io.NumberInput;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What the text of a scalar means: integers and doubles as protobuf's JSON mapping has them, hex and base64. A text that
 * means nothing sets {@link #fault}; the caller knows what it expected.
 */
final class JsonScalars {

    /** Longer ones are refused: the longest double written out in full has fewer digits. */
    static final int LONGEST_NUMBER = 1_000;

    private static final int DIGITS_IN_A_LONG = 19;
    /** More digits than any 64-bit integer has. */
    private static final int MANY_DIGITS = 25;

    private static final BigInteger UNSIGNED_MAX = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);
    private static final byte[] HEX = new byte[256];
    private static final byte[] BASE64 = new byte[256];

    static {
        Arrays.fill(HEX, (byte) -1);
        for (int i = 0; i < 16; i++) {
            HEX["0123456789abcdef".charAt(i)] = (byte) i;
            HEX["0123456789ABCDEF".charAt(i)] = (byte) i;
        }
        Arrays.fill(BASE64, (byte) -1);
        String digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        for (int i = 0; i < digits.length(); i++) {
            BASE64[digits.charAt(i)] = (byte) i;
        }
        BASE64['+'] = BASE64['-'] = 62;
        BASE64['/'] = BASE64['_'] = 63;
    }

    /** Whether the last text was no value of its kind. */
    boolean fault;

    private final char[] chars = new char[LONGEST_NUMBER];

    /** An integer of that kind, unsigned ones as the bits of a long. */
    long integer(JsonField.Kind kind, byte[] b, int from, int to) {
        int p = from;
        boolean negative = p < to && b[p] == '-';
        if (negative) {
            p++;
        }
        if (p == to || to - p > DIGITS_IN_A_LONG) {
            return unusual(kind, b, from, to);
        }
        long magnitude = 0;
        for (; p < to; p++) {
            int digit = b[p] - '0';
            if (digit < 0 || digit > 9) {
                return unusual(kind, b, from, to);
            }
            magnitude = magnitude * 10 + digit;
        }
        return inRange(kind, negative, magnitude);
    }

    double real(byte[] b, int from, int to) {
        fault = false;
        int length = to - from;
        if (length == 0 || length > LONGEST_NUMBER) {
            return faulty();
        }
        int p = b[from] == '-' ? from + 1 : from;
        if (to - p > 15 || p == to) {
            return realSlowly(b, from, to);
        }
        long magnitude = 0;
        for (; p < to; p++) {
            int digit = b[p] - '0';
            if (digit < 0 || digit > 9) {
                return realSlowly(b, from, to);
            }
            magnitude = magnitude * 10 + digit;
        }
        return b[from] == '-' ? -(double) magnitude : magnitude;
    }

    /** Decodes hex digits in pairs into {@code out}; whether they were. */
    static boolean hex(byte[] b, int from, int to, byte[] out, int at) {
        int q = at;
        int faults = to - from & 1;
        for (int p = from; p < to - 1; p += 2) {
            int value = HEX[b[p] & 0xff] << 4 | HEX[b[p + 1] & 0xff];
            faults |= value;
            out[q++] = (byte) value;
        }
        return faults >= 0 && (to - from & 1) == 0;
    }

    /** Decodes base64 of either alphabet, padded or not, into {@code out}; the number of bytes, or −1. */
    static int base64(byte[] b, int from, int end, byte[] out, int at) {
        int to = end;
        if ((end - from & 3) == 0) {
            while (to > from && end - to < 2 && b[to - 1] == '=') {
                to--;
            }
        }
        if ((to - from & 3) == 1) {
            return -1;
        }
        int q = at;
        int bits = 0;
        int held = 0;
        for (int p = from; p < to; p++) {
            int digit = BASE64[b[p] & 0xff];
            if (digit < 0) {
                return -1;
            }
            held = held << 6 | digit;
            bits += 6;
            if (bits >= 8) {
                bits -= 8;
                out[q++] = (byte) (held >> bits);
            }
        }
        return q - at;
    }

    /** With fraction, exponent or twenty digits: {@code 1e2} and {@code 1.0} are integers, {@code 1.5} is none. */
    private long unusual(JsonField.Kind kind, byte[] b, int from, int to) {
        fault = true;
        if (to - from > LONGEST_NUMBER || to == from || !isNumber(b, from, to)) {
            return 0;
        }
        BigDecimal exact;
        try {
            exact = new BigDecimal(new String(b, from, to - from, StandardCharsets.ISO_8859_1));
        } catch (NumberFormatException e) {
            return 0;
        }
        if (exact.signum() == 0) {
            fault = false;
            return 0;
        }
        BigDecimal plain = exact.stripTrailingZeros();
        if (plain.scale() > 0 || (long) plain.precision() - plain.scale() > MANY_DIGITS) {
            return 0;
        }
        BigInteger magnitude = plain.toBigInteger().abs();
        return magnitude.compareTo(UNSIGNED_MAX) > 0 ? 0 : inRange(kind, plain.signum() < 0, magnitude.longValue());
    }

    /** @param magnitude unsigned */
    private long inRange(JsonField.Kind kind, boolean negative, long magnitude) {
        long value = negative ? -magnitude : magnitude;
        fault = switch (kind) {
            case UINT64, FIXED64 -> negative && magnitude != 0;
            case INT64, SFIXED64 -> negative ? value > 0 : value < 0;
            case UINT32, FIXED32 -> negative && magnitude != 0 || magnitude >>> 32 != 0;
            default -> value != (int) value || (negative ? value > 0 : value < 0);
        };
        return value;
    }

    private double realSlowly(byte[] b, int from, int to) {
        if (!isNumber(b, from, to)) {
            return special(b, from, to);
        }
        for (int i = from; i < to; i++) {
            chars[i - from] = (char) b[i];
        }
        try {
            double value = NumberInput.parseDouble(chars, 0, to - from, true);
            return Double.isInfinite(value) ? faulty() : value;
        } catch (NumberFormatException e) {
            return faulty();
        }
    }

    private double special(byte[] b, int from, int to) {
        return switch (to - from > 9 ? "" : new String(b, from, to - from, StandardCharsets.ISO_8859_1)) {
            case "NaN" -> Double.NaN;
            case "Infinity" -> Double.POSITIVE_INFINITY;
            case "-Infinity" -> Double.NEGATIVE_INFINITY;
            default -> faulty();
        };
    }

    private double faulty() {
        fault = true;
        return 0;
    }

    /** Made of a number's characters, and neither beginning with a plus nor ending in a point, as in JSON. */
    private static boolean isNumber(byte[] b, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!JsonText.isNumeric(b[i])) {
                return false;
            }
        }
        return b[from] != '+' && b[from] != '.' && b[to - 1] != '.';
    }
}
