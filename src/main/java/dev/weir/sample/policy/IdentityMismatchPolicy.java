package dev.weir.sample.policy;

import org.jspecify.annotations.Nullable;

/** {@code identity-mismatch: true}: a sender claimed to be another than the one its certificate names. */
record IdentityMismatchPolicy() implements SpanPolicy {

    static @Nullable Policy read(YamlNode node, PolicyReading in) {
        return in.isTrue(node, "identity-mismatch") ? new IdentityMismatchPolicy() : null;
    }

    @Override
    public SpanCondition spanCondition() {
        return new SpanCondition.Attribute(Place.SPAN_OR_RESOURCE, "mesh.identity.mismatch", new ValueTest.Truth(true));
    }
}
