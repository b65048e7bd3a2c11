package dev.weir.sample.policy;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code string: { key: http.route, values: [/pay] }}: an attribute is such a string. */
record StringPolicy(SpanCondition.Attribute attribute) implements SpanPolicy {

    static @Nullable Policy read(YamlNode node, PolicyReading in) {
        Keys keys = in.keys(node, "string", "key", "in", "values", "matches", "starts-with", "ends-with", "contains");
        Optional<ValueTest> test = TextKeys.read(keys, in);
        return AttributeKeys.read(keys, test.orElse(new ValueTest.Exists()), in)
                .map(StringPolicy::new)
                .orElse(null);
    }

    @Override
    public SpanCondition spanCondition() {
        return attribute;
    }
}
