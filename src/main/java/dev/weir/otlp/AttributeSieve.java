package dev.weir.otlp;

import java.nio.charset.StandardCharsets;
import java.util.Collection;

/**
 * Tells quickly of a message that it has no attribute of some keys, so that only the few that may have one are read again.
 * It may catch too much, never too little: keys are told apart by length and by their first and last four bytes, and a
 * message that is written in an unusual way is caught. Immutable.
 */
public final class AttributeSieve {

    private static final int KEY_TAG = 1 << 3 | Wire.LENGTH;
    private static final int VALUE_TAG = 2 << 3 | Wire.LENGTH;
    private static final int BITS = 12;

    private static final long QUESTION_MARKS = 0x3f3f3f3f3f3f3f3fL;

    private final int prefix;
    private final long[] bits = new long[1 << BITS - 6];
    private final long[] urlBits = new long[1 << BITS - 6];
    private final boolean catchesShort;

    /**
     * @param prefix four bytes; keys that begin with them are caught, whatever follows
     * @param keys that are caught
     * @param urls keys that are caught when their value may have a query, which a question mark begins
     */
    public AttributeSieve(String prefix, Collection<String> keys, Collection<String> urls) {
        byte[] start = prefix.getBytes(StandardCharsets.UTF_8);
        if (start.length != Integer.BYTES) {
            throw new IllegalArgumentException("not four bytes: " + prefix);
        }
        this.prefix = Wire.fixed32(start, 0);
        catchesShort = fill(bits, keys) | fill(urlBits, urls);
    }

    /** Whether there are keys that are too short to be told apart. */
    private static boolean fill(long[] bits, Collection<String> keys) {
        boolean isShort = false;
        for (String key : keys) {
            byte[] utf8 = key.getBytes(StandardCharsets.UTF_8);
            if (utf8.length < Integer.BYTES) {
                isShort = true;
            } else if (utf8.length <= Byte.MAX_VALUE) { // longer ones are caught all
                int at = hash(Wire.fixed32(utf8, 0), Wire.fixed32(utf8, utf8.length - Integer.BYTES), utf8.length);
                bits[at >>> 6] |= 1L << at;
            }
        }
        return isShort;
    }

    private static int hash(int first, int last, int length) {
        return (first * 0x9e3779b1 + last * 0x85ebca6b ^ length * 0xc2b2ae35) >>> 32 - BITS;
    }

    /**
     * Whether the message whose body lies there may have one.
     *
     * @param validBytes bytes that a {@link RequestScanner} found valid
     * @param fieldNumber which field of the message holds its attributes, for example {@link AttributeView#OF_SPAN}
     */
    public boolean catches(byte[] validBytes, int from, int to, int fieldNumber) {
        byte[] b = validBytes;
        int attributes = fieldNumber << 3 | Wire.LENGTH;
        int p = from;
        while (p < to) {
            int tag = b[p];
            if (tag < 0) {
                tag = (int) Wire.varint(b, p);
                p = afterVarint(b, p);
            } else {
                p++;
            }
            switch (tag & 7) {
                case Wire.LENGTH -> {
                    int length = b[p];
                    if (length < 0) {
                        length = (int) Wire.varint(b, p);
                        p = afterVarint(b, p);
                    } else {
                        p++;
                    }
                    if (tag == attributes && catches(b, p, p + length)) {
                        return true;
                    }
                    p += length;
                }
                case Wire.FIXED64 -> p += Long.BYTES;
                case Wire.FIXED32 -> p += Integer.BYTES;
                default -> p = afterVarint(b, p);
            }
        }
        return false;
    }

    /** Whether a KeyValue is one of those, or is anything but a short key and then a value. */
    private boolean catches(byte[] b, int from, int to) {
        if (to - from < 2 || b[from] != KEY_TAG) {
            return to > from;
        }
        int length = b[from + 1];
        int key = from + 2;
        if (length < Integer.BYTES) {
            if (length < 0 || catchesShort) {
                return true;
            }
        } else {
            int first = Wire.fixed32(b, key);
            int at = hash(first, Wire.fixed32(b, key + length - Integer.BYTES), length);
            if (first == prefix
                    || (bits[at >>> 6] & 1L << at) != 0
                    || (urlBits[at >>> 6] & 1L << at) != 0 && hasQuestionMark(b, key + length, to)) {
                return true;
            }
        }
        return !isOneValue(b, key + length, to);
    }

    /** Whether nothing follows a key but one value: of two keys the second would count. */
    private static boolean isOneValue(byte[] b, int from, int to) {
        if (to - from < 2) {
            return from == to;
        }
        if (b[from] != VALUE_TAG) {
            return false;
        }
        int length = b[from + 1];
        return length >= 0 ? from + 2 + length == to : afterVarint(b, from + 1) + Wire.varint(b, from + 1) == to;
    }

    private static boolean hasQuestionMark(byte[] b, int from, int to) {
        int p = from;
        for (; to - p >= Long.BYTES; p += Long.BYTES) {
            long zeroWhereFound = Wire.fixed64(b, p) ^ QUESTION_MARKS;
            if ((zeroWhereFound - 0x0101010101010101L & ~zeroWhereFound & 0x8080808080808080L) != 0) {
                return true;
            }
        }
        for (; p < to; p++) {
            if (b[p] == '?') {
                return true;
            }
        }
        return false;
    }

    private static int afterVarint(byte[] b, int at) {
        int p = at;
        while (b[p] < 0) {
            p++;
        }
        return p + 1;
    }
}
