package dev.weir.sample.policy;

import java.util.Locale;
import java.util.Optional;

/** The keys {@code key} and {@code in} of the policies about attributes. */
final class AttributeKeys {

    private AttributeKeys() {}

    /** Which attribute it is about; empty when there are faults, which are reported. */
    static Optional<SpanCondition.Attribute> read(Keys keys, ValueTest test, PolicyReading in) {
        Place place = Place.SPAN_OR_RESOURCE;
        YamlNode where = keys.at("in");
        if (where != null) {
            Optional<Place> named = place(where.text);
            if (named.isEmpty()) {
                in.fault(where, "in must be span, resource, scope, event or link, was " + where.described());
            }
            place = named.orElse(place);
        }
        Place found = place;
        return keys.requiredText("key").map(key -> new SpanCondition.Attribute(found, key, test));
    }

    private static Optional<Place> place(String text) {
        for (Place place : Place.values()) {
            if (place != Place.SPAN_OR_RESOURCE
                    && place.name().toLowerCase(Locale.ROOT).equals(text)) {
                return Optional.of(place);
            }
        }
        return Optional.empty();
    }
}
