package dev.weir.sample.policy;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.CelCall;
import dev.cel.common.ast.CelExpr.CelComprehension;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Translates an expression about a trace, as far as {@link TraceCondition}s can say the same; the rest comes back empty.
 * Macros are recognised by what they are written out as.
 */
final class TraceTranslator {

    private static final TraceCondition NEVER = new TraceCondition.Or();

    private final ConditionConstants constants;
    private final SpanTranslator root;

    TraceTranslator(CelAbstractSyntaxTree whole) {
        constants = new ConditionConstants(whole);
        root = new SpanTranslator(constants, ConditionRewriter::isRoot);
    }

    Optional<TraceCondition> translate(CelExpr expression) throws ConditionException {
        return switch (expression.getKind()) {
            case COMPREHENSION -> loop(expression.comprehension());
            case CALL -> call(expression);
            default -> leaf(expression);
        };
    }

    private Optional<TraceCondition> call(CelExpr expression) throws ConditionException {
        CelCall call = expression.call();
        return switch (call.function()) {
            case "!_" -> translate(call.args().getFirst()).map(TraceCondition.Not::new);
            case "_&&_" -> all(call.args()).map(TraceCondition.And::new);
            case "_||_" -> all(call.args()).map(TraceCondition.Or::new);
            case "_?_:_" ->
                all(call.args())
                        .map(parts -> new TraceCondition.Or(
                                new TraceCondition.And(parts.get(0), parts.get(1)),
                                new TraceCondition.And(new TraceCondition.Not(parts.get(0)), parts.get(2))));
            default -> {
                Optional<TraceCondition> comparison = comparison(call);
                yield comparison.isPresent() ? comparison : leaf(expression);
            }
        };
    }

    private Optional<List<TraceCondition>> all(List<CelExpr> expressions) throws ConditionException {
        List<TraceCondition> conditions = new ArrayList<>();
        for (CelExpr expression : expressions) {
            Optional<TraceCondition> condition = translate(expression);
            if (condition.isEmpty()) {
                return Optional.empty();
            }
            conditions.add(condition.get());
        }
        return Optional.of(conditions);
    }

    /** True or false, or something about the root span. */
    private Optional<TraceCondition> leaf(CelExpr expression) throws ConditionException {
        Optional<Object> constant = constants.value(expression);
        if (constant.isPresent()) {
            return constant.get() instanceof Boolean truth
                    ? Optional.of(truth ? new TraceCondition.Always() : NEVER)
                    : Optional.empty();
        }
        return root.leaf(expression)
                .map(condition -> new TraceCondition.Any(new SpanCondition.And(new SpanCondition.Root(), condition)));
    }

    /** {@code exists}, {@code all} and {@code exists_one} over the spans. */
    private Optional<TraceCondition> loop(CelComprehension loop) throws ConditionException {
        if (!isOverSpans(loop) || loop.loopStep().getKind() != CelExpr.ExprKind.Kind.CALL) {
            return Optional.empty();
        }
        CelCall step = loop.loopStep().call();
        boolean returnsAccumulator = isIdent(loop.result(), loop.accuVar());
        switch (step.function()) {
            case "_||_" -> {
                return isAccumulated(step, loop, returnsAccumulator)
                        ? spans(loop, step.args().get(1)).map(TraceCondition.Any::new)
                        : Optional.empty();
            }
            case "_&&_" -> {
                return isAccumulated(step, loop, returnsAccumulator)
                        ? spans(loop, step.args().get(1))
                                .map(condition -> new TraceCondition.Not(
                                        new TraceCondition.Any(new SpanCondition.Not(condition))))
                        : Optional.empty();
            }
            case "_?_:_" -> {
                return !returnsAccumulator
                                && isCall(loop.result(), "_==_")
                                && isCall(step.args().get(1), "_+_")
                        ? spans(loop, step.args().get(0)).map(condition -> new TraceCondition.Count(condition, 1, 1))
                        : Optional.empty();
            }
            default -> {
                return Optional.empty();
            }
        }
    }

    private static boolean isAccumulated(CelCall step, CelComprehension loop, boolean returnsAccumulator) {
        return returnsAccumulator && isIdent(step.args().getFirst(), loop.accuVar());
    }

    private static boolean isOverSpans(CelComprehension loop) {
        return isIdent(loop.iterRange(), ConditionLanguage.SPANS)
                && loop.iterVar2().isEmpty();
    }

    private Optional<SpanCondition> spans(CelComprehension loop, CelExpr predicate) throws ConditionException {
        return new SpanTranslator(constants, span -> isIdent(span, loop.iterVar())).translate(predicate);
    }

    private Optional<TraceCondition> comparison(CelCall call) throws ConditionException {
        String mirrored = SpanTranslator.MIRRORED.get(call.function());
        if (mirrored == null) {
            return Optional.empty();
        }
        CelExpr left = call.args().get(0);
        CelExpr right = call.args().get(1);
        Optional<Object> constant = constants.value(right);
        if (constant.isPresent()) {
            return compare(left, call.function(), constant.get());
        }
        constant = constants.value(left);
        return constant.isPresent() ? compare(right, mirrored, constant.get()) : Optional.empty();
    }

    private Optional<TraceCondition> compare(CelExpr subject, String function, Object constant)
            throws ConditionException {
        if (function.equals("_!=_")) {
            return compare(subject, "_==_", constant).map(TraceCondition.Not::new);
        }
        if (isOfTrace(subject, "duration")) {
            if (!(constant instanceof Duration limit)) {
                return Optional.empty();
            }
            ConditionBounds bounds = ConditionBounds.of(function, ConditionConstants.nanos(limit), Long.MAX_VALUE);
            return Optional.of(
                    bounds.isEmpty() ? NEVER : new TraceCondition.Latency(bounds.atLeast(), bounds.atMost()));
        }
        Optional<BigDecimal> number = ConditionConstants.number(constant);
        if (number.isEmpty()) {
            return Optional.empty();
        }
        ConditionBounds bounds = ConditionBounds.of(function, number.get(), Integer.MAX_VALUE);
        int atLeast = (int) bounds.atLeast();
        int atMost = (int) bounds.atMost();
        Optional<TraceCondition> condition = Optional.empty();
        if (isOfTrace(subject, "span_count")) {
            condition = Optional.of(new TraceCondition.SpanCount(atLeast, atMost));
        } else if (isOfTrace(subject, "error_count")) {
            condition = Optional.of(new TraceCondition.ErrorCount(atLeast, atMost));
        } else if (isCall(subject, "size")) {
            condition = size(
                    subject.call()
                            .target()
                            .orElseGet(() -> subject.call().args().getFirst()),
                    atLeast,
                    atMost);
        }
        return condition.map(each -> bounds.isEmpty() ? NEVER : each);
    }

    /** Of {@code spans} or of {@code spans.filter(…)}. */
    private Optional<TraceCondition> size(CelExpr list, int atLeast, int atMost) throws ConditionException {
        if (isIdent(list, ConditionLanguage.SPANS)) {
            return Optional.of(new TraceCondition.SpanCount(atLeast, atMost));
        }
        if (list.getKind() != CelExpr.ExprKind.Kind.COMPREHENSION) {
            return Optional.empty();
        }
        CelComprehension loop = list.comprehension();
        boolean isFilter = isOverSpans(loop)
                && isIdent(loop.result(), loop.accuVar())
                && isCall(loop.loopStep(), "_?_:_")
                && isCall(loop.loopStep().call().args().get(1), "_+_");
        return isFilter
                ? spans(loop, loop.loopStep().call().args().get(0))
                        .map(condition -> new TraceCondition.Count(condition, atLeast, atMost))
                : Optional.empty();
    }

    private static boolean isOfTrace(CelExpr expression, String field) {
        return expression.getKind() == CelExpr.ExprKind.Kind.SELECT
                && expression.select().field().equals(field)
                && isIdent(expression.select().operand(), ConditionLanguage.TRACE);
    }

    private static boolean isIdent(CelExpr expression, String name) {
        return expression.getKind() == CelExpr.ExprKind.Kind.IDENT
                && expression.ident().name().equals(name);
    }

    private static boolean isCall(CelExpr expression, String function) {
        return expression.getKind() == CelExpr.ExprKind.Kind.CALL
                && expression.call().function().equals(function);
    }
}
