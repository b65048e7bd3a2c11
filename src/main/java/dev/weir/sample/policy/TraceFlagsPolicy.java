package dev.weir.sample.policy;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code trace-flags: { sampled: true }}: W3C's flags of a span are so. */
record TraceFlagsPolicy(int mask, int value) implements SpanPolicy {

    private static final int SAMPLED = 1;
    private static final int RANDOM = 2;

    static @Nullable Policy read(YamlNode node, PolicyReading in) {
        Keys keys = in.keys(node, "trace-flags", "sampled", "random");
        Optional<Boolean> sampled = keys.truth("sampled");
        Optional<Boolean> random = keys.truth("random");
        if (node.kind == YamlNode.Kind.MAP && !keys.has("sampled") && !keys.has("random")) {
            keys.fault("trace-flags needs sampled or random");
        }
        int mask = (sampled.isPresent() ? SAMPLED : 0) | (random.isPresent() ? RANDOM : 0);
        int value = (sampled.orElse(false) ? SAMPLED : 0) | (random.orElse(false) ? RANDOM : 0);
        return new TraceFlagsPolicy(mask, value);
    }

    @Override
    public SpanCondition spanCondition() {
        return new SpanCondition.Flags(mask, value);
    }
}
