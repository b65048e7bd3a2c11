package dev.weir.sample.policy;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.CelCall;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Translates what an expression says of one span; what it cannot say as a {@link SpanCondition} comes back empty. */
final class SpanTranslator {

    private static final SpanCondition NEVER = new SpanCondition.Or();
    private static final SpanCondition EVERY = new SpanCondition.And();

    /** The comparison with its sides changed. */
    static final Map<String, String> MIRRORED =
            Map.of("_==_", "_==_", "_!=_", "_!=_", "_<_", "_>_", "_<=_", "_>=_", "_>_", "_<_", "_>=_", "_<=_");

    private final ConditionConstants constants;
    private final Predicate<CelExpr> isSpan;

    /** @param isSpan which expression is the span */
    SpanTranslator(ConditionConstants constants, Predicate<CelExpr> isSpan) {
        this.constants = constants;
        this.isSpan = isSpan;
    }

    /** Made of comparisons by {@code &&}, {@code ||}, {@code !} and {@code ?:}. */
    Optional<SpanCondition> translate(CelExpr expression) throws ConditionException {
        if (expression.getKind() != CelExpr.ExprKind.Kind.CALL) {
            return leaf(expression);
        }
        List<CelExpr> args = expression.call().args();
        return switch (expression.call().function()) {
            case "!_" -> translate(args.getFirst()).map(SpanCondition.Not::new);
            case "_&&_" -> all(args).map(SpanCondition.And::new);
            case "_||_" -> all(args).map(SpanCondition.Or::new);
            case "_?_:_" ->
                all(args)
                        .map(parts -> new SpanCondition.Or(
                                new SpanCondition.And(parts.get(0), parts.get(1)),
                                new SpanCondition.And(new SpanCondition.Not(parts.get(0)), parts.get(2))));
            default -> leaf(expression);
        };
    }

    private Optional<List<SpanCondition>> all(List<CelExpr> expressions) throws ConditionException {
        List<SpanCondition> conditions = new ArrayList<>();
        for (CelExpr expression : expressions) {
            Optional<SpanCondition> condition = translate(expression);
            if (condition.isEmpty()) {
                return Optional.empty();
            }
            conditions.add(condition.get());
        }
        return Optional.of(conditions);
    }

    /** One comparison, or what is true or false by itself. */
    Optional<SpanCondition> leaf(CelExpr expression) throws ConditionException {
        Optional<Object> constant = constants.value(expression);
        if (constant.isPresent()) {
            return constant.get() instanceof Boolean truth ? Optional.of(truth ? EVERY : NEVER) : Optional.empty();
        }
        Optional<ConditionOperand> truth = ConditionOperand.of(expression, isSpan);
        if (truth.isPresent()) {
            return compare("_==_", truth.get(), true);
        }
        if (expression.getKind() == CelExpr.ExprKind.Kind.SELECT
                && expression.select().testOnly()) {
            return exists(expression.select().operand(), expression.select().field());
        }
        return expression.getKind() == CelExpr.ExprKind.Kind.CALL ? call(expression.call()) : Optional.empty();
    }

    private Optional<SpanCondition> exists(CelExpr map, String key) {
        return ConditionOperand.attribute(map, key, isSpan)
                .map(operand -> ((ConditionOperand.Attribute) operand).is(new ValueTest.Exists()));
    }

    private Optional<SpanCondition> call(CelCall call) throws ConditionException {
        if (call.function().equals("@in") && ConditionOperand.isText(call.args().get(0))) {
            return exists(call.args().get(1), call.args().get(0).constant().stringValue());
        }
        if (!ConditionFunctions.COMPARISONS.containsKey(call.function())) {
            return Optional.empty();
        }
        CelExpr left = call.target().orElse(call.args().getFirst());
        CelExpr right = call.args().getLast();
        Optional<ConditionOperand> operand = ConditionOperand.of(left, isSpan);
        Optional<Object> constant = constants.value(right);
        if (operand.isPresent() && constant.isPresent()) {
            return compare(call.function(), operand.get(), constant.get());
        }
        operand = ConditionOperand.of(right, isSpan);
        String mirrored = MIRRORED.get(call.function());
        constant = constants.value(left);
        if (mirrored != null && operand.isPresent() && constant.isPresent()) {
            return compare(mirrored, operand.get(), constant.get());
        }
        return Optional.empty();
    }

    private Optional<SpanCondition> compare(String function, ConditionOperand operand, Object constant)
            throws ConditionException {
        if (function.equals("@in")) {
            return in(operand, constant);
        }
        return switch (operand) {
            case ConditionOperand.Attribute attribute -> attribute(function, attribute, constant);
            case ConditionOperand.Field field ->
                switch (field) {
                    case NAME -> name(function, constant);
                    case KIND ->
                        mask(function, constant, ConditionLanguage.KINDS, "kind")
                                .map(SpanCondition.Kind::new);
                    case STATUS ->
                        mask(function, constant, ConditionLanguage.STATUSES, "status")
                                .map(SpanCondition.Status::new);
                    case DURATION -> duration(function, constant);
                    case IS_ROOT -> root(function, constant);
                };
        };
    }

    private Optional<SpanCondition> in(ConditionOperand operand, Object list) throws ConditionException {
        if (!(list instanceof List<?> values)) {
            return Optional.empty();
        }
        List<String> texts = new ArrayList<>();
        List<SpanCondition> conditions = new ArrayList<>();
        for (Object value : values) {
            if (value instanceof String text
                    && !(operand instanceof ConditionOperand.Field field && field != ConditionOperand.Field.NAME)) {
                texts.add(text);
                continue;
            }
            Optional<SpanCondition> condition = compare("_==_", operand, value);
            if (condition.isEmpty()) {
                return Optional.empty();
            }
            conditions.add(condition.get());
        }
        if (!texts.isEmpty()) {
            ValueTest test = new ValueTest.OneOf(texts);
            conditions.add(
                    operand instanceof ConditionOperand.Attribute attribute
                            ? attribute.is(test)
                            : new SpanCondition.Name(test));
        }
        return Optional.of(conditions.size() == 1 ? conditions.getFirst() : new SpanCondition.Or(conditions));
    }

    private static Optional<SpanCondition> attribute(
            String function, ConditionOperand.Attribute attribute, Object constant) throws ConditionException {
        if (function.equals("_!=_")) {
            return attribute("_==_", attribute, constant)
                    .map(equal ->
                            new SpanCondition.And(attribute.is(new ValueTest.Exists()), new SpanCondition.Not(equal)));
        }
        if (constant instanceof Boolean truth && function.equals("_==_")) {
            return Optional.of(attribute.is(new ValueTest.Truth(truth)));
        }
        if (constant instanceof String text) {
            return text(function, text).map(attribute::is);
        }
        return ConditionConstants.number(constant)
                .flatMap(number -> range(function, number))
                .map(attribute::is);
    }

    private static Optional<SpanCondition> name(String function, Object constant) throws ConditionException {
        if (!(constant instanceof String text)) {
            return Optional.empty();
        }
        return function.equals("_!=_")
                ? text("_==_", text).map(test -> new SpanCondition.Not(new SpanCondition.Name(test)))
                : text(function, text).map(SpanCondition.Name::new);
    }

    private static Optional<ValueTest> text(String function, String text) throws ConditionException {
        return switch (function) {
            case "_==_" -> Optional.of(new ValueTest.OneOf(text));
            case "startsWith" -> Optional.of(new ValueTest.Prefix(text));
            case "endsWith" -> Optional.of(new ValueTest.Suffix(text));
            case "contains" -> Optional.of(new ValueTest.Contains(text));
            case "matches" -> {
                checkPattern(text);
                yield Optional.of(new ValueTest.Matches(text));
            }
            default -> Optional.empty();
        };
    }

    private static void checkPattern(String regex) throws ConditionException {
        if (RegexSize.of(regex) > RegexSize.MAX) {
            throw new ConditionException("the pattern '" + regex + "' is too large: at most " + RegexSize.MAX
                    + " characters when repetitions are written out");
        }
        try {
            Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            throw new ConditionException("RE2 does not accept the pattern '" + regex + "': " + e.getDescription());
        } catch (RuntimeException | StackOverflowError e) {
            throw new ConditionException("RE2 does not accept the pattern '" + regex + "'");
        }
    }

    private static Optional<ValueTest> range(String function, BigDecimal number) {
        return switch (function) {
            case "_==_" -> Optional.of(ValueTest.Range.equalTo(number));
            case "_<_" -> Optional.of(ValueTest.Range.below(number));
            case "_<=_" -> Optional.of(ValueTest.Range.atMost(number));
            case "_>_" -> Optional.of(ValueTest.Range.above(number));
            case "_>=_" -> Optional.of(ValueTest.Range.atLeast(number));
            default -> Optional.empty();
        };
    }

    /** Which of the names fulfil the comparison; one that is not among them is a slip. */
    private static Optional<Integer> mask(String function, Object constant, List<String> names, String field)
            throws ConditionException {
        if (!(constant instanceof String text)) {
            return Optional.empty();
        }
        boolean isEquality = function.equals("_==_") || function.equals("_!=_");
        if (isEquality && !names.contains(text)) {
            throw new ConditionException(
                    "a span's " + field + " is one of " + String.join(", ", names) + ", never '" + text + "'");
        }
        if (function.equals("matches")) {
            checkPattern(text);
        }
        int mask = 0;
        for (int i = 0; i < names.size(); i++) {
            mask |= ConditionFunctions.holds(function, names.get(i), text) ? 1 << i : 0;
        }
        return Optional.of(mask);
    }

    private static Optional<SpanCondition> duration(String function, Object constant) {
        if (!(constant instanceof Duration limit)) {
            return Optional.empty();
        }
        if (function.equals("_!=_")) {
            return duration("_==_", constant).map(SpanCondition.Not::new);
        }
        ConditionBounds bounds = ConditionBounds.of(function, ConditionConstants.nanos(limit), Long.MAX_VALUE);
        return Optional.of(bounds.isEmpty() ? NEVER : new SpanCondition.Duration(bounds.atLeast(), bounds.atMost()));
    }

    private static Optional<SpanCondition> root(String function, Object constant) {
        if (!(constant instanceof Boolean truth) || !function.equals("_==_") && !function.equals("_!=_")) {
            return Optional.empty();
        }
        SpanCondition root = new SpanCondition.Root();
        return Optional.of(truth == function.equals("_==_") ? root : new SpanCondition.Not(root));
    }
}
