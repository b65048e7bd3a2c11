package dev.weir.sample.policy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** A fixed set of strings, asked with UTF-8 bytes where they lie. */
final class ByteStrings {

    private final byte[][] table;

    ByteStrings(List<String> values) {
        table = new byte[Math.max(4, Integer.highestOneBit(values.size()) * 4)][];
        for (String value : values) {
            byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
            int at = hash(utf8, 0, utf8.length) & (table.length - 1);
            while (table[at] != null) {
                at = at + 1 & (table.length - 1);
            }
            table[at] = utf8;
        }
    }

    boolean contains(byte[] bytes, int from, int to) {
        int at = hash(bytes, from, to) & (table.length - 1);
        for (byte[] value = table[at]; value != null; value = table[at]) {
            if (Arrays.equals(bytes, from, to, value, 0, value.length)) {
                return true;
            }
            at = at + 1 & (table.length - 1);
        }
        return false;
    }

    /** Looks at five bytes at most: how many values share a hash is the configuration's doing, not the sender's. */
    private static int hash(byte[] bytes, int from, int to) {
        int length = to - from;
        if (length == 0) {
            return 0;
        }
        int hash = length * 0x9e3779b1
                + bytes[from] * 0x85ebca6b
                + bytes[from + (length >> 2)] * 0x165667b1
                + bytes[from + (length >> 1)] * 0xc2b2ae35
                + bytes[to - 2 + (length == 1 ? 1 : 0)] * 0x27d4eb2f
                + bytes[to - 1] * 0x01000193;
        return hash ^ hash >>> 15;
    }
}
