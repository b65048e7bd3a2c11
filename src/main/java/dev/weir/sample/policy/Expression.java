package dev.weir.sample.policy;

import java.util.List;

/** A condition about one span made of others, computed from their bits. */
final class Expression {

    private enum Operator {
        BIT,
        AND,
        OR,
        NOT
    }

    private final Operator operator;
    private final int word;
    private final long mask;
    private final Expression[] operands;

    private Expression(Operator operator, int bit, Expression... operands) {
        this.operator = operator;
        this.word = bit >> 6;
        this.mask = 1L << bit;
        this.operands = operands;
    }

    static Expression of(SpanCondition condition, SpanBits bits) {
        return switch (condition) {
            case SpanCondition.And and -> new Expression(Operator.AND, 0, all(and.conditions(), bits));
            case SpanCondition.Or or -> new Expression(Operator.OR, 0, all(or.conditions(), bits));
            case SpanCondition.Not not -> new Expression(Operator.NOT, 0, of(not.condition(), bits));
            default -> new Expression(Operator.BIT, bits.of(condition));
        };
    }

    private static Expression[] all(List<SpanCondition> conditions, SpanBits bits) {
        return conditions.stream().map(c -> of(c, bits)).toArray(Expression[]::new);
    }

    boolean holds(long[] bits) {
        switch (operator) {
            case BIT -> {
                return (bits[word] & mask) != 0;
            }
            case AND -> {
                for (Expression operand : operands) {
                    if (!operand.holds(bits)) {
                        return false;
                    }
                }
                return true;
            }
            case OR -> {
                for (Expression operand : operands) {
                    if (operand.holds(bits)) {
                        return true;
                    }
                }
                return false;
            }
            case NOT -> {
                return !operands[0].holds(bits);
            }
        }
        throw new IllegalStateException();
    }
}
