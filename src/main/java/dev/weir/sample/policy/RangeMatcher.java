package dev.weir.sample.policy;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Numbers between two bounds: exact for 64-bit integers and for doubles, though the bounds may be neither. */
final class RangeMatcher extends ValueMatcher {

    private static final BigDecimal LEAST = BigDecimal.valueOf(Long.MIN_VALUE);
    private static final BigDecimal GREATEST = BigDecimal.valueOf(Long.MAX_VALUE);
    private static final int MAX_DIGITS = 18;

    private final boolean numerals;
    private final long lowInteger;
    private final long highInteger;
    private final double lowReal;
    private final double highReal;

    RangeMatcher(ValueTest.Range range) {
        numerals = range.numerals();
        BigDecimal low = range.low();
        BigDecimal high = range.high();
        BigDecimal first = low == null ? LEAST : firstInteger(low, range.lowIncluded());
        BigDecimal last = high == null ? GREATEST : lastInteger(high, range.highIncluded());
        boolean noInteger = first.compareTo(GREATEST) > 0 || last.compareTo(LEAST) < 0 || first.compareTo(last) > 0;
        lowInteger = noInteger ? 1 : first.max(LEAST).longValue();
        highInteger = noInteger ? 0 : last.min(GREATEST).longValue();
        lowReal = low == null ? Double.NEGATIVE_INFINITY : firstReal(low, range.lowIncluded());
        highReal = high == null ? Double.POSITIVE_INFINITY : lastReal(high, range.highIncluded());
    }

    private static BigDecimal firstInteger(BigDecimal low, boolean included) {
        BigDecimal ceiling = low.setScale(0, RoundingMode.CEILING);
        return !included && ceiling.compareTo(low) == 0 ? ceiling.add(BigDecimal.ONE) : ceiling;
    }

    private static BigDecimal lastInteger(BigDecimal high, boolean included) {
        BigDecimal floor = high.setScale(0, RoundingMode.FLOOR);
        return !included && floor.compareTo(high) == 0 ? floor.subtract(BigDecimal.ONE) : floor;
    }

    private static double firstReal(BigDecimal low, boolean included) {
        double nearest = low.doubleValue();
        int order = compare(nearest, low);
        return order < 0 || order == 0 && !included ? Math.nextUp(nearest) : nearest;
    }

    private static double lastReal(BigDecimal high, boolean included) {
        double nearest = high.doubleValue();
        int order = compare(nearest, high);
        return order > 0 || order == 0 && !included ? Math.nextDown(nearest) : nearest;
    }

    private static int compare(double nearest, BigDecimal exact) {
        if (Double.isInfinite(nearest)) {
            return nearest > 0 ? 1 : -1;
        }
        return new BigDecimal(nearest).compareTo(exact);
    }

    @Override
    boolean integer(long value) {
        return value >= lowInteger && value <= highInteger;
    }

    @Override
    boolean real(double value) {
        return value >= lowReal && value <= highReal;
    }

    /** An optional minus and up to 18 digits. */
    @Override
    boolean text(byte[] bytes, int from, int to) {
        if (!numerals) {
            return false;
        }
        boolean negative = from < to && bytes[from] == '-';
        int p = negative ? from + 1 : from;
        if (p == to || to - p > MAX_DIGITS) {
            return false;
        }
        long value = 0;
        for (; p < to; p++) {
            int digit = bytes[p] - '0';
            if (digit < 0 || digit > 9) {
                return false;
            }
            value = value * 10 + digit;
        }
        return integer(negative ? -value : value);
    }
}
