package dev.weir.sample.policy;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelExpr;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code condition: "spans.exists(s, s.duration > duration('1s'))"}: an expression of CEL about the whole trace. What can be
 * said as conditions on bits and counts costs no more than other policies; the rest is evaluated over the spans, after what
 * stands beside it and is cheaper. Equal to another by its text.
 */
final class ConditionPolicy implements Policy {

    private final String source;
    private final TraceCondition condition;
    private final boolean translated;
    private final ConditionStats stats = new ConditionStats();

    private ConditionPolicy(String source, CelAbstractSyntaxTree checked) throws ConditionException {
        this.source = source;
        Parts parts = new Parts(checked);
        condition = parts.of(checked.getExpr());
        translated = !parts.evaluated;
    }

    static @Nullable Policy read(YamlNode node, PolicyReading in) {
        if (node.kind != YamlNode.Kind.TEXT) {
            in.fault(node, "condition must be a text, an expression of CEL, was " + node.described());
            return null;
        }
        try {
            return of(node.text);
        } catch (ConditionException e) {
            in.fault(node, String.valueOf(e.getMessage()));
            return null;
        }
    }

    static ConditionPolicy of(String source) throws ConditionException {
        return new ConditionPolicy(source, ConditionLanguage.check(source));
    }

    /** The same, all of it evaluated. */
    static TraceCondition.TracePredicate evaluated(String source, ConditionStats stats) throws ConditionException {
        CelAbstractSyntaxTree checked = ConditionLanguage.check(source);
        return new EvaluatedCondition(ConditionLanguage.program(checked.getExpr(), checked), stats);
    }

    @Override
    public TraceCondition condition() {
        return condition;
    }

    /** All that a policy is made of. */
    static List<ConditionStatus> in(Policy policy) {
        List<ConditionStatus> found = new ArrayList<>();
        if (policy instanceof ConditionPolicy of) {
            found.add(new ConditionStatus(of.source, of.translated, of.stats));
        }
        policy.parts().forEach(part -> found.addAll(in(part)));
        return found;
    }

    /** Whether nothing of it must see the spans again. */
    boolean isTranslated() {
        return translated;
    }

    ConditionStats stats() {
        return stats;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ConditionPolicy that && source.equals(that.source);
    }

    @Override
    public int hashCode() {
        return source.hashCode();
    }

    @Override
    public String toString() {
        return "condition: " + source;
    }

    /**
     * The parts of an expression. What fails counts as false, so an expression is taken apart only where that gives the same
     * as if it failed as a whole: at {@code &&} and {@code ||} that stand under no negation.
     */
    private final class Parts {
        private final CelAbstractSyntaxTree whole;
        private final TraceTranslator translator;
        private boolean evaluated;

        Parts(CelAbstractSyntaxTree whole) {
            this.whole = whole;
            this.translator = new TraceTranslator(whole);
        }

        TraceCondition of(CelExpr expression) throws ConditionException {
            Optional<TraceCondition> all = translator.translate(expression);
            if (all.isPresent()) {
                return all.get();
            }
            boolean isCall = expression.getKind() == CelExpr.ExprKind.Kind.CALL;
            if (isCall && expression.call().function().equals("_&&_")) {
                return new TraceCondition.And(operands(expression));
            }
            if (isCall && expression.call().function().equals("_||_")) {
                return new TraceCondition.Or(operands(expression));
            }
            evaluated = true;
            return new TraceCondition.NeedsSpans(
                    "condition " + source + " at " + expression.id(),
                    new EvaluatedCondition(ConditionLanguage.program(expression, whole), stats));
        }

        /** Those that need no spans first. */
        private List<TraceCondition> operands(CelExpr expression) throws ConditionException {
            List<TraceCondition> cheap = new ArrayList<>();
            List<TraceCondition> others = new ArrayList<>();
            for (CelExpr operand : expression.call().args()) {
                Optional<TraceCondition> translation = translator.translate(operand);
                if (translation.isPresent()) {
                    cheap.add(translation.get());
                } else {
                    others.add(of(operand));
                }
            }
            cheap.addAll(others);
            return cheap;
        }
    }
}
