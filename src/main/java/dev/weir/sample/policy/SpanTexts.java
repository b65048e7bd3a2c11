package dev.weir.sample.policy;

import dev.weir.otlp.AttributeView;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads strings of a span that is seen again at the decision. For one thread. */
final class SpanTexts {

    private final AttributeView attributes = new AttributeView();

    /** The string of the first of the keys that has one, of the span or else its resource; null when none has. */
    @Nullable
    String first(List<String> keys, byte[] span, int from, int to, byte[] resource) {
        for (String key : keys) {
            String text = find(key, attributes.reset(span, from, to, AttributeView.OF_SPAN));
            if (text == null) {
                text = find(key, attributes.reset(resource, 0, resource.length, AttributeView.OF_RESOURCE));
            }
            if (text != null) {
                return text;
            }
        }
        return null;
    }

    /** Empty, {@code -} and {@code unknown} are what proxies write for "not set". */
    private static @Nullable String find(String key, AttributeView attributes) {
        while (attributes.next()) {
            if (attributes.keyEnd() - attributes.keyStart() == key.length()
                    && attributes.key().equals(key)
                    && attributes.valueType() == AttributeView.ValueType.STRING) {
                String text = attributes.stringValue();
                if (!text.isEmpty() && !text.equals("-") && !text.equals("unknown")) {
                    return text;
                }
            }
        }
        return null;
    }
}
