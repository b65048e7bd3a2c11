package dev.weir.otlp;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;

/**
 * Tells quickly of a message that it has no attribute of some keys, so that only the few that may have one are read again.
 * It may catch too much, never too little: keys are told apart by their length and their first six bytes, and a message that
 * is written in an unusual way is caught. Immutable.
 */
public final class AttributeSieve {

    private static final int KEY_TAG = 1 << 3 | Wire.LENGTH;
    private static final int VALUE_TAG = 2 << 3 | Wire.LENGTH;

    private static final long QUESTION_MARKS = 0x3f3f3f3f3f3f3f3fL;

    private static final int BEGINNINGS = 1 << 13;

    /** How a KeyValue begins: tag, length, and so much of the key. */
    private static final int KEY_BYTES = Long.BYTES - 2;

    /** Which bytes of the beginning the prefix is compared with: not the key's length. */
    private final long prefixMask;

    private final long prefix;
    /** How the KeyValues of the keys begin, by hash; open addressing, at most an eighth full, 0 where there is none. */
    private final long[] heads;
    /** Whether only a value with a question mark counts, at the same place. */
    private final boolean[] isUrl;

    /** By the {@link #beginning} of a KeyValue, whether it may be one that is caught. */
    private final boolean[] isSuspect = new boolean[BEGINNINGS];

    /**
     * @param prefix of one to six bytes; keys that begin with it are caught, whatever follows
     * @param keys that are caught
     * @param urls keys that are caught when their value may have a query, which a question mark begins
     */
    public AttributeSieve(String prefix, Collection<String> keys, Collection<String> urls) {
        byte[] start = prefix.getBytes(StandardCharsets.UTF_8);
        if (start.length == 0 || start.length > KEY_BYTES) {
            throw new IllegalArgumentException("not of one to six bytes: " + prefix);
        }
        prefixMask = mask(start.length) & ~0xff00L;
        this.prefix = head(start) & prefixMask;
        for (int length = start.length; length <= Byte.MAX_VALUE; length++) {
            isSuspect[beginning(this.prefix | (long) length << Byte.SIZE)] = true;
        }
        heads = new long[Integer.highestOneBit(Math.max(64, 16 * (keys.size() + urls.size())))];
        isUrl = new boolean[heads.length];
        keys.forEach(key -> put(key, false));
        urls.forEach(key -> put(key, true));
    }

    private void put(String key, boolean url) {
        byte[] utf8 = key.getBytes(StandardCharsets.UTF_8);
        if (utf8.length > Byte.MAX_VALUE) {
            return; // all that are so long are caught
        }
        long head = head(utf8);
        isSuspect[beginning(head)] = true;
        int at = slot(head);
        while (heads[at] != 0 && heads[at] != head) {
            at = at + 1 & heads.length - 1;
        }
        isUrl[at] = url && (heads[at] == 0 || isUrl[at]);
        heads[at] = head;
    }

    private static long head(byte[] key) {
        byte[] head = Arrays.copyOf(new byte[] {KEY_TAG, (byte) key.length}, Long.BYTES);
        System.arraycopy(key, 0, head, 2, Math.min(key.length, KEY_BYTES));
        return Wire.fixed64(head, 0);
    }

    /** Of the tag, the length and so many bytes of a key. */
    private static long mask(int keyBytes) {
        return -1L >>> Byte.SIZE * (KEY_BYTES - keyBytes);
    }

    private int slot(long head) {
        return (int) (head * 0x9e3779b97f4a7c15L >>> 40) & heads.length - 1;
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
            int tag = b[p++];
            if (tag < 0) {
                tag = (int) Wire.varint(b, p - 1);
                p = afterVarint(b, p);
            }
            if ((tag & 7) == Wire.LENGTH) {
                int length = b[p++];
                if (length < 0) {
                    length = (int) Wire.varint(b, p - 1);
                    p = afterVarint(b, p);
                }
                int end = p + length;
                if (tag == attributes && catches(b, p, end)) {
                    return true;
                }
                p = end;
            } else if ((tag & 7) == Wire.FIXED64) {
                p += Long.BYTES;
            } else if ((tag & 7) == Wire.FIXED32) {
                p += Integer.BYTES;
            } else {
                p = afterVarint(b, p);
            }
        }
        return false;
    }

    /**
     * Whether the KeyValue whose body lies there is one of those, or is anything but a short key and then one value: of two the
     * second would count.
     */
    boolean catches(byte[] b, int from, int to) {
        if (to - from < Long.BYTES) {
            return true;
        }
        long head = Wire.fixed64(b, from);
        int length = (int) head >> Byte.SIZE & 0x7f;
        int value = from + 2 + length;
        int valueLength = to - value - 2;
        if ((head & 0x80ff) != KEY_TAG
                || valueLength < 0
                || b[value] != VALUE_TAG
                || b[value + 1] != valueLength && !isLongLastValue(b, value, to)) {
            return true;
        }
        return isSuspect[beginning(head)]
                && isCaught(length < KEY_BYTES ? head & mask(length) : head, b, value + 2, to);
    }

    private boolean isCaught(long head, byte[] b, int from, int to) {
        return (head & prefixMask) == prefix || isListed(head, b, from, to);
    }

    /** The key's length and five bits of its first byte, of which the suspects are known at one look. */
    private static int beginning(long head) {
        return (int) head >>> Byte.SIZE & BEGINNINGS - 1;
    }

    private boolean isListed(long head, byte[] b, int from, int to) {
        for (int at = slot(head); heads[at] != 0; at = at + 1 & heads.length - 1) {
            if (heads[at] == head) {
                return !isUrl[at] || hasQuestionMark(b, from, to);
            }
        }
        return false;
    }

    private static boolean isLongLastValue(byte[] b, int value, int to) {
        return b[value + 1] < 0 && afterVarint(b, value + 1) + Wire.varint(b, value + 1) == to;
    }

    private static boolean hasQuestionMark(byte[] b, int from, int to) {
        int p = from;
        for (; to - p >= Long.BYTES; p += Long.BYTES) {
            if (hasQuestionMark(Wire.fixed64(b, p))) {
                return true;
            }
        }
        // A KeyValue that is looked at is longer than eight bytes; those before the last are not question marks of the
        // value.
        return p < to && hasQuestionMark(Wire.fixed64(b, to - Long.BYTES));
    }

    private static boolean hasQuestionMark(long bytes) {
        long zeroWhereFound = bytes ^ QUESTION_MARKS;
        return (zeroWhereFound - 0x0101010101010101L & ~zeroWhereFound & 0x8080808080808080L) != 0;
    }

    static int afterVarint(byte[] b, int at) {
        int p = at;
        while (b[p] < 0) {
            p++;
        }
        return p + 1;
    }
}
