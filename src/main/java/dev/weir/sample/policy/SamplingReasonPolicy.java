package dev.weir.sample.policy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code sampling-reason: [forced]}: why Envoy traced the request, as a digit of its request id says. */
record SamplingReasonPolicy(List<String> reasons) implements SpanPolicy {

    private static final List<String> REASONS = List.of("sampled", "forced", "client");

    /** The digit that stands for each reason. */
    private static final String DIGITS = "9ab";

    private static final int DIGIT_AT = 14;

    static @Nullable Policy read(YamlNode node, PolicyReading in) {
        List<String> reasons = in.texts(node, "sampling-reason", REASONS.size());
        for (String reason : reasons) {
            if (!REASONS.contains(reason)) {
                in.fault(node, "sampling-reason must be sampled, forced or client, was '" + reason + "'");
            }
        }
        return reasons.isEmpty()
                ? null
                : new SamplingReasonPolicy(reasons.stream().sorted().toList());
    }

    @Override
    public SpanCondition spanCondition() {
        StringBuilder digits = new StringBuilder();
        for (String reason : reasons) {
            int index = REASONS.indexOf(reason);
            if (index >= 0) {
                digits.append(DIGITS.charAt(index));
            }
        }
        return new SpanCondition.Or(
                new SpanCondition.Attribute(
                        Place.SPAN_OR_RESOURCE, "mesh.sampling.reason", new ValueTest.OneOf(reasons)),
                new SpanCondition.Attribute(
                        Place.SPAN, "guid:x-request-id", new ValueTest.CharacterAt(DIGIT_AT, digits.toString())));
    }
}
