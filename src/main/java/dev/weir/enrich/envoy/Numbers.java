package dev.weir.enrich.envoy;

/** Numerals that become numbers. */
final class Numbers {

    /** No more digits than a long surely holds. */
    private static final int MOST_DIGITS = 18;

    private Numbers() {}

    /** The number that the decimal digits are; −1 when they are none, or too many. */
    static long read(byte[] b, int from, int to, int mostDigits) {
        if (from >= to || to - from > mostDigits) {
            return -1;
        }
        long number = 0;
        for (int i = from; i < to; i++) {
            if (!Texts.isDigit(b[i])) {
                return -1;
            }
            number = number * 10 + b[i] - '0';
        }
        return number;
    }

    static boolean count(byte[] b, int from, int to, Target out) {
        long number = read(b, from, to, MOST_DIGITS);
        if (number < 0) {
            return false;
        }
        out.integer(0, number);
        return true;
    }

    /** {@code 0} is no status: nobody answered. What counts as an error depends on the side, as in the convention. */
    static boolean httpStatus(byte[] b, int from, int to, Target out) {
        long status = read(b, from, to, 3);
        if (status == 0) {
            out.text(1, Texts.OTHER);
            out.fail();
            return true;
        }
        if (status < 100 || status > 599) {
            return false;
        }
        out.integer(0, status);
        if (status >= (out.isClient() ? 400 : 500)) {
            out.text(1, b, from, to);
        }
        return true;
    }
}
