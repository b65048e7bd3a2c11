package dev.weir.sample.policy;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * The whole numbers from 0 to a greatest that a comparison allows; none when {@code atLeast > atMost}.
 *
 * @param atMost the greatest when there is no upper bound
 */
record ConditionBounds(long atLeast, long atMost) {

    /** @param operator of CEL, {@code !=} excepted, with the number on its right */
    static ConditionBounds of(String operator, BigDecimal number, long greatest) {
        BigDecimal floor = number.setScale(0, RoundingMode.FLOOR);
        BigDecimal ceiling = number.setScale(0, RoundingMode.CEILING);
        BigDecimal most = BigDecimal.valueOf(greatest);
        BigDecimal from = BigDecimal.ZERO;
        BigDecimal to = most;
        switch (operator) {
            case "_==_" -> {
                from = ceiling;
                to = floor;
            }
            case "_<_" -> to = ceiling.subtract(BigDecimal.ONE);
            case "_<=_" -> to = floor;
            case "_>_" -> from = floor.add(BigDecimal.ONE);
            case "_>=_" -> from = ceiling;
            default -> throw new IllegalArgumentException(operator);
        }
        if (from.compareTo(to) > 0 || from.compareTo(most) > 0 || to.signum() < 0) {
            return new ConditionBounds(1, 0);
        }
        return new ConditionBounds(
                from.max(BigDecimal.ZERO).longValue(), to.min(most).longValue());
    }

    boolean isEmpty() {
        return atLeast > atMost;
    }
}
