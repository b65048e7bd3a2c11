package dev.weir.sample.policy;

import com.google.common.collect.ImmutableList;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.CelCall;
import dev.cel.common.ast.CelExpr.CelComprehension;
import dev.cel.common.ast.CelExpr.CelSelect;
import java.util.Optional;
import java.util.Set;

/**
 * Puts {@link ConditionFunctions} in the place of CEL's comparisons wherever a value may be absent: an attribute's, or one of
 * a root span that did not come. Macros are written out before.
 */
final class ConditionRewriter {

    /** These search only the beginning of a text, and so are replaced everywhere. */
    private static final Set<String> ALWAYS = Set.of("contains", "matches");

    private static final Set<String> LOGIC = Set.of("_&&_", "_||_", "!_");
    private static final String CONDITIONAL = "_?_:_";

    private long nextId = 1L << 32;

    private ConditionRewriter() {}

    static CelExpr rewrite(CelExpr expression) {
        return new ConditionRewriter().truth(expression);
    }

    /** {@code spans[0].attributes['k']}, {@code s.resource.k}, and what lies in such a value. */
    static boolean isAttribute(CelExpr expression) {
        CelExpr map;
        switch (expression.getKind()) {
            case SELECT -> {
                if (expression.select().testOnly()) {
                    return false;
                }
                map = expression.select().operand();
            }
            case CALL -> {
                if (!expression.call().function().equals("_[_]")) {
                    return false;
                }
                map = expression.call().args().getFirst();
            }
            default -> {
                return false;
            }
        }
        boolean isMap = map.getKind() == CelExpr.ExprKind.Kind.SELECT
                && (map.select().field().equals("attributes")
                        || map.select().field().equals("resource"));
        return isMap || isAttribute(map);
    }

    /** {@code trace.root}, and what is in it. */
    private static boolean isOfRoot(CelExpr expression) {
        if (expression.getKind() != CelExpr.ExprKind.Kind.SELECT) {
            return false;
        }
        CelSelect select = expression.select();
        return isRoot(expression) || isOfRoot(select.operand());
    }

    static boolean isRoot(CelExpr expression) {
        return expression.getKind() == CelExpr.ExprKind.Kind.SELECT
                && expression.select().field().equals("root")
                && expression.select().operand().getKind() == CelExpr.ExprKind.Kind.IDENT
                && expression.select().operand().ident().name().equals(ConditionLanguage.TRACE);
    }

    private static boolean mayBeAbsent(CelExpr expression) {
        return isAttribute(expression) || isOfRoot(expression);
    }

    /** An expression where true or false is wanted: what may be absent must be there and true. */
    private CelExpr truth(CelExpr expression) {
        if (expression.callOrDefault().function().equals(CONDITIONAL)) {
            ImmutableList<CelExpr> branches =
                    expression.call().args().stream().map(this::truth).collect(ImmutableList.toImmutableList());
            return CelExpr.ofCall(expression.id(), Optional.empty(), CONDITIONAL, branches);
        }
        boolean isTest = expression.selectOrDefault().testOnly();
        if (isTest || !mayBeAbsent(expression)) {
            return any(expression);
        }
        CelExpr isTrue = CelExpr.ofConstant(nextId++, CelConstant.ofValue(true));
        return call(nextId++, "_==_", operand(expression), isTrue);
    }

    private static CelExpr call(long id, String standsFor, CelExpr left, CelExpr right) {
        String name = ConditionFunctions.COMPARISONS.getOrDefault(standsFor, standsFor);
        return CelExpr.ofCall(id, Optional.empty(), name, ImmutableList.of(left, right));
    }

    private CelExpr operand(CelExpr expression) {
        return isAttribute(expression) ? attribute(expression) : any(expression);
    }

    private CelExpr attribute(CelExpr expression) {
        if (expression.getKind() == CelExpr.ExprKind.Kind.SELECT) {
            CelSelect select = expression.select();
            CelExpr key = CelExpr.ofConstant(nextId++, CelConstant.ofValue(select.field()));
            return call(expression.id(), ConditionFunctions.GET, operand(select.operand()), key);
        }
        ImmutableList<CelExpr> args = expression.call().args();
        return call(expression.id(), ConditionFunctions.GET, operand(args.get(0)), operand(args.get(1)));
    }

    private CelExpr any(CelExpr expression) {
        return switch (expression.getKind()) {
            case CALL -> call(expression);
            case SELECT -> {
                CelSelect select = expression.select();
                yield CelExpr.ofSelect(expression.id(), any(select.operand()), select.field(), select.testOnly());
            }
            case LIST ->
                CelExpr.ofList(
                        expression.id(),
                        expression.list().elements().stream().map(this::any).collect(ImmutableList.toImmutableList()),
                        expression.list().optionalIndices());
            case MAP ->
                CelExpr.ofMap(
                        expression.id(),
                        expression.map().entries().stream()
                                .map(entry -> CelExpr.ofMapEntry(
                                        entry.id(), any(entry.key()), any(entry.value()), entry.optionalEntry()))
                                .collect(ImmutableList.toImmutableList()));
            case COMPREHENSION -> {
                CelComprehension loop = expression.comprehension();
                yield CelExpr.ofComprehension(
                        expression.id(),
                        loop.iterVar(),
                        loop.iterVar2(),
                        any(loop.iterRange()),
                        loop.accuVar(),
                        any(loop.accuInit()),
                        any(loop.loopCondition()),
                        any(loop.loopStep()),
                        any(loop.result()));
            }
            default -> expression;
        };
    }

    private CelExpr call(CelExpr expression) {
        CelCall call = expression.call();
        ImmutableList<CelExpr> args = call.args();
        if (ConditionFunctions.COMPARISONS.containsKey(call.function())) {
            Optional<CelExpr> target = call.target();
            CelExpr left = target.isPresent() ? target.get() : args.getFirst();
            CelExpr right = args.getLast();
            boolean isBinary = target.isPresent() ? args.size() == 1 : args.size() == 2;
            if (isBinary && (mayBeAbsent(left) || mayBeAbsent(right) || ALWAYS.contains(call.function()))) {
                return call(expression.id(), call.function(), operand(left), operand(right));
            }
        }
        ImmutableList.Builder<CelExpr> rewritten = ImmutableList.builder();
        for (int i = 0; i < args.size(); i++) {
            boolean isTruth = LOGIC.contains(call.function()) || call.function().equals(CONDITIONAL) && i == 0;
            rewritten.add(isTruth ? truth(args.get(i)) : any(args.get(i)));
        }
        return CelExpr.ofCall(expression.id(), call.target().map(this::any), call.function(), rewritten.build());
    }
}
