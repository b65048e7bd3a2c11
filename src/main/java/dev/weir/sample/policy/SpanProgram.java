package dev.weir.sample.policy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a matcher does with a span: the tests by where they look, then the expressions over what they found. */
final class SpanProgram {

    private static final byte[] NO_KEY = {};

    final KeyTests span = new KeyTests();
    final KeyTests resource = new KeyTests();
    final KeyTests scope = new KeyTests();
    final KeyTests event = new KeyTests();
    final KeyTests link = new KeyTests();
    final FieldTest[] fields;
    final TextTest[] names;
    final TextTest[] traceStates;
    final Expression[] expressions;
    /** The bit that each expression sets. */
    final int[] expressionBits;

    final int words;
    final int results;
    /** The bit behind each count. */
    final int[] counted;

    SpanProgram(SpanBits bits) {
        List<FieldTest> fieldTests = new ArrayList<>();
        List<TextTest> nameTests = new ArrayList<>();
        List<TextTest> traceStateTests = new ArrayList<>();
        List<Expression> composed = new ArrayList<>();
        List<Integer> composedBits = new ArrayList<>();
        for (Map.Entry<SpanCondition, Integer> entry : bits.all().entrySet()) {
            int bit = entry.getValue();
            switch (entry.getKey()) {
                case SpanCondition.Attribute attribute -> add(attribute, bit);
                case SpanCondition.Name name -> nameTests.add(new TextTest(NO_KEY, ValueMatcher.of(name.test()), bit));
                case SpanCondition.TraceState state ->
                    traceStateTests.add(new TextTest(
                            state.key().getBytes(StandardCharsets.UTF_8), ValueMatcher.of(state.test()), bit));
                case SpanCondition.And _, SpanCondition.Or _, SpanCondition.Not _ -> {
                    composed.add(Expression.of(entry.getKey(), bits));
                    composedBits.add(bit);
                }
                default -> {
                    FieldTest field = FieldTest.of(entry.getKey(), bit);
                    if (field != null) {
                        fieldTests.add(field);
                    }
                }
            }
        }
        fields = fieldTests.toArray(FieldTest[]::new);
        names = nameTests.toArray(TextTest[]::new);
        traceStates = traceStateTests.toArray(TextTest[]::new);
        expressions = composed.toArray(Expression[]::new);
        expressionBits = composedBits.stream().mapToInt(Integer::intValue).toArray();
        words = Math.max(1, bits.words());
        results = bits.results();
        counted = bits.counted();
    }

    private void add(SpanCondition.Attribute attribute, int bit) {
        switch (attribute.place()) {
            case SPAN -> add(span, attribute, bit);
            case RESOURCE -> add(resource, attribute, bit);
            case SCOPE -> add(scope, attribute, bit);
            case EVENT -> add(event, attribute, bit);
            case LINK -> add(link, attribute, bit);
            case SPAN_OR_RESOURCE -> {
                add(span, attribute, bit);
                add(resource, attribute, bit);
            }
        }
    }

    private static void add(KeyTests tests, SpanCondition.Attribute attribute, int bit) {
        tests.add(attribute.key(), ValueMatcher.of(attribute.test()), bit);
    }
}
