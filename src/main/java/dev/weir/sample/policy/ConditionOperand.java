package dev.weir.sample.policy;

import dev.cel.common.ast.CelExpr;
import java.util.Optional;
import java.util.function.Predicate;

/** What of a span a comparison is about. */
sealed interface ConditionOperand {

    record Attribute(Place place, String key) implements ConditionOperand {
        SpanCondition is(ValueTest test) {
            return new SpanCondition.Attribute(place, key, test);
        }
    }

    /** A field of the span itself. */
    enum Field implements ConditionOperand {
        NAME,
        KIND,
        STATUS,
        DURATION,
        IS_ROOT
    }

    /** @param isSpan which expression is the span */
    static Optional<ConditionOperand> of(CelExpr expression, Predicate<CelExpr> isSpan) {
        switch (expression.getKind()) {
            case SELECT -> {
                if (expression.select().testOnly()) {
                    return Optional.empty();
                }
                CelExpr inner = expression.select().operand();
                String field = expression.select().field();
                return isSpan.test(inner) ? field(field) : attribute(inner, field, isSpan);
            }
            case CALL -> {
                if (expression.call().function().equals("_[_]")
                        && isText(expression.call().args().get(1))) {
                    String key = expression.call().args().get(1).constant().stringValue();
                    return attribute(expression.call().args().get(0), key, isSpan);
                }
                return Optional.empty();
            }
            default -> {
                return Optional.empty();
            }
        }
    }

    private static Optional<ConditionOperand> field(String name) {
        return switch (name) {
            case "name" -> Optional.of(Field.NAME);
            case "kind" -> Optional.of(Field.KIND);
            case "status" -> Optional.of(Field.STATUS);
            case "duration" -> Optional.of(Field.DURATION);
            case "is_root" -> Optional.of(Field.IS_ROOT);
            default -> Optional.empty();
        };
    }

    /** {@code s.attributes} or {@code s.resource}, and a key that is not empty. */
    static Optional<ConditionOperand> attribute(CelExpr map, String key, Predicate<CelExpr> isSpan) {
        if (map.getKind() != CelExpr.ExprKind.Kind.SELECT
                || map.select().testOnly()
                || key.isEmpty()
                || !isSpan.test(map.select().operand())) {
            return Optional.empty();
        }
        return switch (map.select().field()) {
            case "attributes" -> Optional.of(new Attribute(Place.SPAN, key));
            case "resource" -> Optional.of(new Attribute(Place.RESOURCE, key));
            default -> Optional.empty();
        };
    }

    static boolean isText(CelExpr expression) {
        return expression.getKind() == CelExpr.ExprKind.Kind.CONSTANT
                && expression.constant().getKind() == dev.cel.common.ast.CelConstant.Kind.STRING_VALUE;
    }
}
