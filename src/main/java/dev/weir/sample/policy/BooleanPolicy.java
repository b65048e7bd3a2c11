package dev.weir.sample.policy;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code boolean: { key: app.debug, value: true }}: an attribute has this truth value. */
record BooleanPolicy(SpanCondition.Attribute attribute) implements SpanPolicy {

    static @Nullable Policy read(YamlNode node, PolicyReading in) {
        Keys keys = in.keys(node, "boolean", "key", "in", "value");
        Optional<Boolean> value = keys.truth("value");
        if (node.kind == YamlNode.Kind.MAP && !keys.has("value")) {
            keys.fault("boolean needs the key 'value'");
        }
        return AttributeKeys.read(keys, new ValueTest.Truth(value.orElse(true)), in)
                .map(BooleanPolicy::new)
                .orElse(null);
    }

    @Override
    public SpanCondition spanCondition() {
        return attribute;
    }
}
