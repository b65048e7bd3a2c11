package dev.weir.sample.policy;

import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * An expression that runs over the spans of a trace, seen again. What it may cost is bounded; when that is not enough, or
 * when it fails, the trace does not fulfil it.
 */
final class EvaluatedCondition implements TraceCondition.TracePredicate {

    /** Larger traces are not looked at: copying their spans takes about a millisecond. */
    static final int MAX_SPANS = 1_000;

    static final long MAX_BYTES = 1L << 20;

    private final CelRuntime.Program program;
    private final ConditionStats stats;

    EvaluatedCondition(CelRuntime.Program program, ConditionStats stats) {
        this.program = program;
        this.stats = stats;
    }

    @Override
    public boolean test(TraceFacts facts) {
        if (facts.spans() > MAX_SPANS || facts.bytes() > MAX_BYTES) {
            stats.tooLarge.increment();
            return false;
        }
        stats.evaluated.increment();
        Map<String, Object> variables = variables(facts); // what fails here is not the condition's fault
        try {
            return Boolean.TRUE.equals(program.eval(variables));
        } catch (CelEvaluationException | RuntimeException | StackOverflowError e) {
            stats.failed.increment();
            return false;
        }
    }

    private static Map<String, Object> variables(TraceFacts facts) {
        List<SpanValues> spans = new ArrayList<>(facts.spans());
        facts.forEachSpan((span, from, to, resource, scope) ->
                spans.add(new SpanValues(Arrays.copyOfRange(span, from, to), resource)));
        Map<String, Object> root = SpanValues.ABSENT_ROOT;
        if (facts.rootSeen()) {
            for (SpanValues span : spans) {
                if (span.isRoot()) {
                    root = span;
                    break;
                }
            }
        }
        Map<String, Object> trace = Map.of(
                "duration",
                SpanValues.between(facts.startNanos(), facts.endNanos()),
                "span_count",
                (long) facts.spans(),
                "error_count",
                (long) facts.errors(),
                "root",
                root);
        return Map.of(ConditionLanguage.SPANS, spans, ConditionLanguage.TRACE, trace);
    }
}
