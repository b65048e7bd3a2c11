package dev.weir.sample.policy;

import java.util.List;
import java.util.Optional;

/** The keys that say what a text must be like: exactly one of them. */
final class TextKeys {

    private static final String[] ALL = {"values", "matches", "starts-with", "ends-with", "contains"};

    private TextKeys() {}

    /** Empty when there are faults, which are reported. */
    static Optional<ValueTest> read(Keys keys, PolicyReading in) {
        Optional<String> kind = keys.exactlyOne(ALL);
        if (kind.isEmpty()) {
            return Optional.empty();
        }
        YamlNode node = keys.at(kind.get());
        if (kind.get().equals("values")) {
            List<String> values = keys.texts("values");
            return values.isEmpty() ? Optional.empty() : Optional.of(new ValueTest.OneOf(values));
        }
        Optional<String> text = keys.text(kind.get());
        if (text.isEmpty() || node == null) {
            return Optional.empty();
        }
        return switch (kind.get()) {
            case "matches" -> in.regex(node, text.get()).map(ValueTest.Matches::new);
            case "starts-with" -> text.map(ValueTest.Prefix::new);
            case "ends-with" -> text.map(ValueTest.Suffix::new);
            default -> text.map(ValueTest.Contains::new);
        };
    }
}
