package dev.weir.sample.policy;

import com.google.re2j.Pattern;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * RE2 on strings. A search allocates and takes microseconds, and values repeat: the answers for the last ones are
 * remembered, one for each hash.
 */
final class RegexMatcher extends ValueMatcher {

    private static final int REMEMBERED = 64;
    private static final int LONGEST_REMEMBERED = 96;

    private final Pattern pattern;
    private final byte[] values = new byte[REMEMBERED * LONGEST_REMEMBERED];
    private final byte[] lengths = new byte[REMEMBERED];
    private final boolean[] answers = new boolean[REMEMBERED];

    RegexMatcher(Pattern pattern) {
        this.pattern = pattern;
        Arrays.fill(lengths, (byte) -1);
    }

    @Override
    boolean text(byte[] bytes, int from, int to) {
        int length = to - from;
        if (length > LONGEST_REMEMBERED) {
            return find(bytes, from, to);
        }
        int slot = slot(bytes, from, to);
        int at = slot * LONGEST_REMEMBERED;
        if (lengths[slot] != length || !Arrays.equals(bytes, from, to, values, at, at + length)) {
            answers[slot] = find(bytes, from, to);
            lengths[slot] = (byte) length;
            System.arraycopy(bytes, from, values, at, length);
        }
        return answers[slot];
    }

    private static int slot(byte[] bytes, int from, int to) {
        int hash = to - from;
        for (int i = from; i < to; i++) {
            hash = hash * 31 + bytes[i];
        }
        return (hash ^ hash >>> 6 ^ hash >>> 12 ^ hash >>> 18) & REMEMBERED - 1;
    }

    private boolean find(byte[] bytes, int from, int to) {
        int end = to;
        if (to - from > MAX_SEARCHED) {
            end = from + MAX_SEARCHED;
            while (end > from && (bytes[end] & 0xc0) == 0x80) { // not inside a character
                end--;
            }
        }
        return pattern.matcher(new String(bytes, from, end - from, StandardCharsets.UTF_8))
                .find();
    }
}
