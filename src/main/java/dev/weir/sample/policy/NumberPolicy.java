package dev.weir.sample.policy;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code number: { key: http.response.status_code, at-least: 500 }} or {@code values: [404, 410]}: an attribute is such a
 * number, integer or double.
 */
record NumberPolicy(SpanCondition number) implements SpanPolicy {

    static @Nullable Policy read(YamlNode node, PolicyReading in) {
        Keys keys = in.keys(node, "number", "key", "in", "at-least", "at-most", "values");
        Optional<BigDecimal> atLeast = keys.number("at-least");
        Optional<BigDecimal> atMost = keys.number("at-most");
        List<BigDecimal> values = keys.numbers("values");
        boolean bounded = keys.has("at-least") || keys.has("at-most");
        if (node.kind == YamlNode.Kind.MAP && bounded == keys.has("values")) {
            keys.fault("number needs at-least or at-most or both, or else values");
        }
        if (atLeast.isPresent() && atMost.isPresent() && atLeast.get().compareTo(atMost.get()) > 0) {
            keys.fault("number's at-least must not be greater than at-most");
        }
        ValueTest.Range range = new ValueTest.Range(atLeast.orElse(null), true, atMost.orElse(null), true, false);
        Optional<SpanCondition.Attribute> attribute = AttributeKeys.read(keys, range, in);
        if (attribute.isEmpty()) {
            return null;
        }
        return new NumberPolicy(values.isEmpty() ? attribute.get() : oneOf(attribute.get(), values));
    }

    private static SpanCondition oneOf(SpanCondition.Attribute attribute, List<BigDecimal> values) {
        return new SpanCondition.Or(values.stream()
                .map(value -> (SpanCondition)
                        new SpanCondition.Attribute(attribute.place(), attribute.key(), ValueTest.Range.equalTo(value)))
                .toList());
    }

    @Override
    public SpanCondition spanCondition() {
        return number;
    }
}
