package dev.weir.sample.policy;

/** A test on a string of the span itself, and the bit it sets. */
record TextTest(byte[] key, ValueMatcher matcher, int word, long mask) {

    private static final int MOST_ENTRIES = 32;

    TextTest(byte[] key, ValueMatcher matcher, int bit) {
        this(key, matcher, bit >> 6, 1L << bit);
    }

    void text(byte[] bytes, int from, int to, long[] bits) {
        if (matcher.text(bytes, from, to)) {
            bits[word] |= mask;
        }
    }

    /** Entries {@code key=value}, separated by commas; 32 of them, as W3C's Trace Context says. */
    void traceState(byte[] bytes, int from, int to, long[] bits) {
        int start = from;
        int entries = 0;
        for (int p = from; p <= to && entries < MOST_ENTRIES; p++) {
            if (p == to || bytes[p] == ',') {
                entry(bytes, start, p, bits);
                start = p + 1;
                entries++;
            }
        }
    }

    private void entry(byte[] bytes, int from, int to, long[] bits) {
        int start = from;
        while (start < to && isBlank(bytes[start])) {
            start++;
        }
        int end = to;
        while (end > start && isBlank(bytes[end - 1])) {
            end--;
        }
        int value = start + key.length + 1;
        if (value <= end
                && bytes[value - 1] == '='
                && java.util.Arrays.equals(bytes, start, value - 1, key, 0, key.length)) {
            text(bytes, value, end, bits);
        }
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }
}
