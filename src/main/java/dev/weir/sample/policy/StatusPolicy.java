package dev.weir.sample.policy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code status: [error]}: a span has one of these. @param mask bit 0: unset, 1: ok, 2: error */
record StatusPolicy(int mask) implements SpanPolicy {

    /** By code. */
    private static final List<String> NAMES = List.of("unset", "ok", "error");

    static @Nullable Policy read(YamlNode node, PolicyReading in) {
        int mask = 0;
        for (String text : in.texts(node, "status", NAMES.size())) {
            int code = NAMES.indexOf(text);
            if (code < 0) {
                in.fault(node, "status must be ok, error or unset, was '" + text + "'");
            } else {
                mask |= 1 << code;
            }
        }
        return mask == 0 ? null : new StatusPolicy(mask);
    }

    @Override
    public SpanCondition spanCondition() {
        return new SpanCondition.Status(mask);
    }
}
