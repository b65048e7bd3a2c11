package dev.weir.otlp;

/**
 * Fractions of 56 bits as OpenTelemetry writes them: hexadecimal digits after the point, zeros at the end left out, so
 * that {@code c} is {@code c0000000000000}.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/otel/trace/tracestate-handling/">TraceState Handling</a>
 */
public final class Hex56 {

    public static final int MAX_DIGITS = 14;

    /** What {@link #parse} returns for what is no such number. */
    public static final long INVALID = -1;

    private Hex56() {}

    /** The number, or {@link #INVALID} when it is not 1 to 14 digits; either case. */
    public static long parse(byte[] bytes, int from, int to) {
        int digits = to - from;
        if (digits < 1 || digits > MAX_DIGITS) {
            return INVALID;
        }
        long value = 0;
        for (int i = from; i < to; i++) {
            int digit = digit(bytes[i]);
            if (digit < 0) {
                return INVALID;
            }
            value = value << 4 | digit;
        }
        return value << 4 * (MAX_DIGITS - digits);
    }

    /** How many digits {@link #write} writes: 1 to 14. */
    public static int length(long value) {
        return value == 0 ? 1 : MAX_DIGITS - Long.numberOfTrailingZeros(value) / 4;
    }

    /**
     * Writes the digits in lower case.
     *
     * @param value 0 to 2<sup>56</sup> − 1
     * @return the position after them
     */
    public static int write(long value, byte[] out, int at) {
        int end = at + length(value);
        int shift = 4 * (MAX_DIGITS - 1);
        for (int i = at; i < end; i++) {
            int digit = (int) (value >>> shift) & 0xf;
            out[i] = (byte) (digit < 10 ? '0' + digit : 'a' + digit - 10);
            shift -= 4;
        }
        return end;
    }

    private static int digit(byte b) {
        if (b >= '0' && b <= '9') {
            return b - '0';
        }
        int lower = b | 0x20;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }
}
