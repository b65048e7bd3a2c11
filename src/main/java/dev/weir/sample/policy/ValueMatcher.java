package dev.weir.sample.policy;

import com.google.re2j.Pattern;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A {@link ValueTest}, ready to look at values where they lie. For one thread. */
abstract class ValueMatcher {

    /** How much of a string is searched. */
    static final int MAX_SEARCHED = 4096;

    static ValueMatcher of(ValueTest test) {
        return switch (test) {
            case ValueTest.OneOf oneOf -> new Strings(oneOf);
            case ValueTest.Matches matches -> new RegexMatcher(Pattern.compile(matches.regex()));
            case ValueTest.Prefix prefix -> new Affix(prefix.prefix(), false);
            case ValueTest.Suffix suffix -> new Affix(suffix.suffix(), true);
            case ValueTest.Contains contains -> new Part(contains.part());
            case ValueTest.CharacterAt character -> new Character(character);
            case ValueTest.Elements elements -> new ElementsMatcher(new ByteStrings(elements.values()));
            case ValueTest.Range range -> new RangeMatcher(range);
            case ValueTest.Truth truth -> new Truth(truth.value());
            case ValueTest.Exists _ -> new Anything();
        };
    }

    boolean text(byte[] bytes, int from, int to) {
        return false;
    }

    boolean integer(long value) {
        return false;
    }

    boolean real(double value) {
        return false;
    }

    boolean truth(boolean value) {
        return false;
    }

    /** Body of an ArrayValue. */
    boolean array(byte[] bytes, int from, int to) {
        return false;
    }

    /** A list of keys and values, or bytes. */
    boolean other() {
        return false;
    }

    private static final class Strings extends ValueMatcher {
        private final ByteStrings values;

        Strings(ValueTest.OneOf oneOf) {
            values = new ByteStrings(oneOf.values());
        }

        @Override
        boolean text(byte[] bytes, int from, int to) {
            return values.contains(bytes, from, to);
        }
    }

    private static final class Affix extends ValueMatcher {
        private final byte[] affix;
        private final boolean atEnd;

        Affix(String affix, boolean atEnd) {
            this.affix = affix.getBytes(StandardCharsets.UTF_8);
            this.atEnd = atEnd;
        }

        @Override
        boolean text(byte[] bytes, int from, int to) {
            if (to - from < affix.length) {
                return false;
            }
            int start = atEnd ? to - affix.length : from;
            return Arrays.equals(bytes, start, start + affix.length, affix, 0, affix.length);
        }
    }

    private static final class Part extends ValueMatcher {
        private final byte[] part;

        Part(String part) {
            this.part = part.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        boolean text(byte[] bytes, int from, int to) {
            int last = Math.min(to, from + MAX_SEARCHED) - part.length;
            for (int i = from; i <= last; i++) {
                if (Arrays.equals(bytes, i, i + part.length, part, 0, part.length)) {
                    return true;
                }
            }
            return false;
        }
    }

    private static final class Character extends ValueMatcher {
        private final ValueTest.CharacterAt wanted;

        Character(ValueTest.CharacterAt wanted) {
            this.wanted = wanted;
        }

        @Override
        boolean text(byte[] bytes, int from, int to) {
            return to - from > wanted.index() && wanted.characters().indexOf(bytes[from + wanted.index()]) >= 0;
        }
    }

    private static final class Truth extends ValueMatcher {
        private final boolean wanted;

        Truth(boolean wanted) {
            this.wanted = wanted;
        }

        @Override
        boolean truth(boolean value) {
            return value == wanted;
        }
    }

    private static final class Anything extends ValueMatcher {
        @Override
        boolean text(byte[] bytes, int from, int to) {
            return true;
        }

        @Override
        boolean integer(long value) {
            return true;
        }

        @Override
        boolean real(double value) {
            return true;
        }

        @Override
        boolean truth(boolean value) {
            return true;
        }

        @Override
        boolean array(byte[] bytes, int from, int to) {
            return true;
        }

        @Override
        boolean other() {
            return true;
        }
    }
}
