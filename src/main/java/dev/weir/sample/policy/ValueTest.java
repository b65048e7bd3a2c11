package dev.weir.sample.policy;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A condition about one value. A value has its type: a test about text holds for strings only, one about numbers for
 * integers and doubles, which compare as numbers; the string {@code "500"} is no number. An absent value fulfils none.
 */
public sealed interface ValueTest {

    /** The string is one of these. */
    record OneOf(List<String> values) implements ValueTest {
        /** Sorts and removes copies, so that equal sets are equal. */
        public OneOf {
            values = values.stream().distinct().sorted().toList();
        }

        public OneOf(String... values) {
            this(List.of(values));
        }
    }

    /** RE2 finds the pattern somewhere in the string, of which the first 4 KiB are read. */
    record Matches(String regex) implements ValueTest {}

    /** The string starts with it. */
    record Prefix(String prefix) implements ValueTest {}

    /** The string ends with it. */
    record Suffix(String suffix) implements ValueTest {}

    /** It stands somewhere in the string. */
    record Contains(String part) implements ValueTest {}

    /** The string has one of these ASCII characters at this place, counted from 0 in bytes. */
    record CharacterAt(int index, String characters) implements ValueTest {}

    /** One of the strings of an array, or one of the comma-separated parts of a string, is one of these. */
    record Elements(List<String> values) implements ValueTest {
        /** Sorts and removes copies, so that equal sets are equal. */
        public Elements {
            values = values.stream().distinct().sorted().toList();
        }
    }

    /**
     * The number lies between two bounds. NaN lies nowhere.
     *
     * @param low null: no lower bound
     * @param high null: no upper bound
     * @param numerals whether a string of decimal digits counts as the number it shows, as proxies write it
     */
    record Range(
            @Nullable BigDecimal low,
            boolean lowIncluded,
            @Nullable BigDecimal high,
            boolean highIncluded,
            boolean numerals)
            implements ValueTest {

        /** Strips zeros, so that equal ranges are equal. */
        public Range {
            low = low == null ? null : low.stripTrailingZeros();
            high = high == null ? null : high.stripTrailingZeros();
        }

        public static Range equalTo(BigDecimal value) {
            return new Range(value, true, value, true, false);
        }

        public static Range atLeast(BigDecimal value) {
            return new Range(value, true, null, true, false);
        }

        public static Range above(BigDecimal value) {
            return new Range(value, false, null, true, false);
        }

        public static Range atMost(BigDecimal value) {
            return new Range(null, true, value, true, false);
        }

        public static Range below(BigDecimal value) {
            return new Range(null, true, value, false, false);
        }
    }

    /** The truth value is this one. */
    record Truth(boolean value) implements ValueTest {}

    /** There is a value, whatever it is. */
    record Exists() implements ValueTest {}
}
