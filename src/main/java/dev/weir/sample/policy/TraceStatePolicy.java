package dev.weir.sample.policy;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code trace-state: { key: tier, values: [gold] }}: an entry of W3C's trace state is such a string. */
record TraceStatePolicy(SpanCondition.TraceState entry) implements SpanPolicy {

    static @Nullable Policy read(YamlNode node, PolicyReading in) {
        Keys keys = in.keys(node, "trace-state", "key", "values", "matches", "starts-with", "ends-with", "contains");
        Optional<ValueTest> test = TextKeys.read(keys, in);
        return keys.requiredText("key")
                .map(key ->
                        new TraceStatePolicy(new SpanCondition.TraceState(key, test.orElse(new ValueTest.Exists()))))
                .orElse(null);
    }

    @Override
    public SpanCondition spanCondition() {
        return entry;
    }
}
