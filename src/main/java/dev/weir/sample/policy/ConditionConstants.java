package dev.weir.sample.policy;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelExpr;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;

/** The parts of an expression whose value is known before any trace is. */
final class ConditionConstants {

    private final CelAbstractSyntaxTree whole;

    ConditionConstants(CelAbstractSyntaxTree whole) {
        this.whole = whole;
    }

    /** A Long, UnsignedLong, Double, String, Boolean, Duration, List or other value of CEL; empty when it hangs on the trace. */
    Optional<Object> value(CelExpr expression) throws ConditionException {
        return isConstant(expression) ? Optional.of(ConditionLanguage.constant(expression, whole)) : Optional.empty();
    }

    private static boolean isConstant(CelExpr expression) {
        return switch (expression.getKind()) {
            case CONSTANT -> true;
            case LIST -> expression.list().elements().stream().allMatch(ConditionConstants::isConstant);
            case CALL ->
                expression.call().target().stream().allMatch(ConditionConstants::isConstant)
                        && expression.call().args().stream().allMatch(ConditionConstants::isConstant);
            default -> false;
        };
    }

    /** Nanoseconds of a duration. */
    static BigDecimal nanos(Duration duration) {
        return BigDecimal.valueOf(duration.getSeconds()).movePointRight(9).add(BigDecimal.valueOf(duration.getNano()));
    }

    /** Exactly; empty for NaN and the infinities, and for what is no number. */
    static Optional<BigDecimal> number(Object value) {
        if (!(value instanceof Number number) || value instanceof Double real && (real.isNaN() || real.isInfinite())) {
            return Optional.empty();
        }
        return Optional.of(ConditionFunctions.exact(number));
    }
}
