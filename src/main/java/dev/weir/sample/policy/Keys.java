package dev.weir.sample.policy;

import dev.weir.pipeline.ByteSize;
import dev.weir.pipeline.DurationText;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one map of the configuration, read by their types. What is absent or faulty comes back empty; a fault is
 * reported where it stands, and reading goes on, so that all are found at once.
 */
final class Keys {

    private static final int MAX_TEXT = 1024;
    private static final int MAX_VALUES = 10_000;

    private final YamlNode node;
    private final String type;
    private final PolicyReading in;

    /** @param known all keys there are */
    Keys(YamlNode node, String type, PolicyReading in, String... known) {
        this.node = node;
        this.type = type;
        this.in = in;
        List<String> all = List.of(known);
        if (node.kind != YamlNode.Kind.MAP) {
            in.fault(node, type + " wants the keys " + String.join(", ", all) + ", not " + node.described());
        }
        node.entries.forEach((key, value) -> {
            if (!all.contains(key)) {
                in.fault(value, type + " has no key '" + key + "', only " + String.join(", ", all));
            }
        });
    }

    boolean has(String key) {
        return node.entries.containsKey(key);
    }

    @Nullable
    YamlNode at(String key) {
        return node.entries.get(key);
    }

    /** Reports a fault of the map as a whole. */
    void fault(String sentence) {
        in.fault(node, sentence);
    }

    private void fault(YamlNode value, String key, String expected) {
        in.fault(value, type + "'s " + key + " must be " + expected + ", was " + value.described());
    }

    /** A text that is there and not empty. */
    Optional<String> requiredText(String key) {
        Optional<String> text = text(key);
        if (text.isEmpty() && !has(key) && node.kind == YamlNode.Kind.MAP) {
            fault(type + " needs the key '" + key + "'");
        }
        return text;
    }

    Optional<String> text(String key) {
        YamlNode value = at(key);
        if (value == null) {
            return Optional.empty();
        }
        if (!value.isScalar() || value.text.isEmpty() || value.text.length() > MAX_TEXT) {
            fault(value, key, "a text of 1 to " + MAX_TEXT + " characters");
            return Optional.empty();
        }
        return Optional.of(value.text);
    }

    /** A list of texts, or one. */
    List<String> texts(String key) {
        YamlNode value = at(key);
        return value == null ? List.of() : in.texts(value, type + "'s " + key, MAX_VALUES);
    }

    Optional<BigDecimal> number(String key) {
        YamlNode value = at(key);
        if (value == null) {
            return Optional.empty();
        }
        Optional<BigDecimal> number = in.number(value);
        if (number.isEmpty()) {
            fault(value, key, "a number");
        }
        return number;
    }

    List<BigDecimal> numbers(String key) {
        YamlNode value = at(key);
        List<BigDecimal> numbers = new ArrayList<>();
        if (value != null) {
            for (YamlNode item : value.kind == YamlNode.Kind.LIST ? value.items : List.of(value)) {
                in.number(item).ifPresentOrElse(numbers::add, () -> fault(item, key, "a number, or a list of them"));
            }
            if (numbers.size() > MAX_VALUES) {
                fault(value, key, "a list of at most " + MAX_VALUES + " numbers");
            }
        }
        return numbers;
    }

    /** A whole number from 0 to the greatest int. */
    OptionalInt count(String key) {
        YamlNode value = at(key);
        if (value == null) {
            return OptionalInt.empty();
        }
        try {
            int count = in.number(value).orElse(BigDecimal.valueOf(-1)).intValueExact();
            if (count >= 0) {
                return OptionalInt.of(count);
            }
        } catch (ArithmeticException e) {
            // not whole, or too large: said below
        }
        fault(value, key, "a whole number from 0 to " + Integer.MAX_VALUE);
        return OptionalInt.empty();
    }

    Optional<Boolean> truth(String key) {
        YamlNode value = at(key);
        if (value == null) {
            return Optional.empty();
        }
        if (!value.isTruth()) {
            fault(value, key, "true or false");
            return Optional.empty();
        }
        return Optional.of(value.kind == YamlNode.Kind.TRUE);
    }

    /** Nanoseconds. */
    OptionalLong duration(String key) {
        YamlNode value = at(key);
        if (value == null) {
            return OptionalLong.empty();
        }
        try {
            Optional<Duration> duration = value.isScalar() ? DurationText.parse(value.text) : Optional.empty();
            if (duration.isPresent()) {
                return OptionalLong.of(duration.get().toNanos());
            }
        } catch (ArithmeticException e) {
            // more than 292 years: said below
        }
        fault(value, key, DurationText.EXPECTED);
        return OptionalLong.empty();
    }

    /** Bytes. */
    OptionalLong size(String key) {
        YamlNode value = at(key);
        if (value == null) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(ByteSize.of(value.text).bytes());
        } catch (IllegalArgumentException e) {
            fault(value, key, "a size in bytes such as 512MiB, 64MB or 4096");
            return OptionalLong.empty();
        }
    }

    /** Reports it when there is neither {@code at-least} nor {@code at-most}, or nothing between them. */
    void checkBounds(long atLeast, long atMost) {
        if (node.kind == YamlNode.Kind.MAP && !has("at-least") && !has("at-most")) {
            fault(type + " needs at least one bound, at-least or at-most");
        }
        if (atLeast > atMost) {
            fault(type + "'s at-least must not be greater than at-most");
        }
    }

    /** Which of the keys are there; reports it when these are not exactly one. */
    Optional<String> exactlyOne(String... keys) {
        List<String> found = new ArrayList<>();
        for (String key : keys) {
            if (has(key)) {
                found.add(key);
            }
        }
        if (found.size() == 1) {
            return Optional.of(found.getFirst());
        }
        if (node.kind == YamlNode.Kind.MAP) {
            fault(type + " needs exactly one of " + String.join(", ", keys)
                    + (found.isEmpty() ? "" : ", not " + String.join(" and ", found)));
        }
        return Optional.empty();
    }
}
