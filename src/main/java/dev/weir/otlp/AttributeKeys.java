package dev.weir.otlp;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;

/**
 * A fixed set of attribute keys, each with a small number, for finding which of them a key in a request is: one hash and one
 * comparison. Immutable.
 */
public final class AttributeKeys {

    /** An entry of the table: the first and the last eight bytes of a key, its length, and its number plus one. */
    private static final int WIDTH = 4;

    private static final int TAIL = 1;
    private static final int LENGTH = 2;
    private static final int NUMBER = 3;

    private final List<String> names;
    private final byte[][] keys;
    /** By hash; open addressing, at most a quarter full. All of an entry is in one cache line. */
    private final long[] table;

    private final int mask;

    /** @param names each once; a key's number is its position */
    public AttributeKeys(Collection<String> names) {
        this.names = List.copyOf(names);
        keys = new byte[names.size()][];
        table = new long[WIDTH * (Integer.highestOneBit(Math.max(4, 4 * names.size()) - 1) << 1)];
        mask = table.length - 1;
        for (int i = 0; i < keys.length; i++) {
            byte[] key = this.names.get(i).getBytes(StandardCharsets.UTF_8);
            if (find(key, 0, key.length) >= 0) {
                throw new IllegalArgumentException("twice: " + this.names.get(i));
            }
            keys[i] = key;
            long head = head(key, 0, key.length);
            long tail = tail(key, 0, key.length);
            int at = slot(head, tail, key.length);
            while (table[at + NUMBER] != 0) {
                at = at + WIDTH & mask;
            }
            table[at] = head;
            table[at + TAIL] = tail;
            table[at + LENGTH] = key.length;
            table[at + NUMBER] = i + 1L;
        }
    }

    public int size() {
        return keys.length;
    }

    /** The number of a key; −1 when it is none of these. */
    public int of(String name) {
        byte[] key = name.getBytes(StandardCharsets.UTF_8);
        return find(key, 0, key.length);
    }

    public String name(int number) {
        return names.get(number);
    }

    /** The number of the key that lies there, in UTF-8; −1 when it is none of these. */
    public int find(byte[] bytes, int from, int to) {
        int length = to - from;
        long head = head(bytes, from, length);
        long tail = tail(bytes, from, length);
        int at = slot(head, tail, length);
        while (table[at + NUMBER] != 0) {
            if (table[at] == head && table[at + TAIL] == tail && table[at + LENGTH] == length) {
                int number = (int) table[at + NUMBER] - 1;
                if (length <= 2 * Long.BYTES || isSameBetween(keys[number], bytes, from)) {
                    return number;
                }
            }
            at = at + WIDTH & mask;
        }
        return -1;
    }

    /** Senders cannot gain by collisions, because the table is fixed and sparse. */
    private int slot(long head, long tail, int length) {
        long hash = (head + length) * 0x9e3779b97f4a7c15L ^ tail * 0xc2b2ae3d27d4eb4fL;
        return (int) ((hash ^ hash >>> 29) >>> 32) * WIDTH & mask;
    }

    private static boolean isSameBetween(byte[] key, byte[] bytes, int from) {
        for (int i = Long.BYTES; i < key.length - Long.BYTES; i += Long.BYTES) {
            if (Wire.fixed64(key, i) != Wire.fixed64(bytes, from + i)) {
                return false;
            }
        }
        return true;
    }

    private static long head(byte[] bytes, int from, int length) {
        if (length >= Long.BYTES) {
            return Wire.fixed64(bytes, from);
        }
        long head = 0;
        for (int i = from + length - 1; i >= from; i--) {
            head = head << 8 | bytes[i] & 0xff;
        }
        return head;
    }

    private static long tail(byte[] bytes, int from, int length) {
        return length >= Long.BYTES ? Wire.fixed64(bytes, from + length - Long.BYTES) : 0;
    }
}
