package dev.weir.sample.policy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code response-flags: [UF, UO]}: Envoy set one of these flags on a span. */
record ResponseFlagsPolicy(List<String> flags) implements SpanPolicy {

    private static final int MOST = 64;

    static @Nullable Policy read(YamlNode node, PolicyReading in) {
        List<String> flags = in.texts(node, "response-flags", MOST);
        for (String flag : flags) {
            if (flag.isBlank() || flag.indexOf(',') >= 0) {
                in.fault(node, "response-flags is a list such as [UF, URX], one flag each, was '" + flag + "'");
            }
        }
        return flags.isEmpty()
                ? null
                : new ResponseFlagsPolicy(flags.stream().sorted().toList());
    }

    @Override
    public SpanCondition spanCondition() {
        ValueTest test = new ValueTest.Elements(flags);
        return new SpanCondition.Or(
                new SpanCondition.Attribute(Place.SPAN, "response_flags", test),
                new SpanCondition.Attribute(Place.SPAN, "envoy.response_flags", test));
    }
}
