package dev.weir.otlp;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;

/**
 * A fixed set of attribute keys, each with a small number, for finding which of them a key in a request is: one hash and one
 * comparison. Immutable.
 */
public final class AttributeKeys {

    private final List<String> names;
    private final byte[][] keys;
    /** The first and the last eight bytes of each key; of a shorter one all of it, and 0. */
    private final long[] heads;

    private final long[] tails;
    /** Numbers plus one, by hash; open addressing, at most a quarter full. */
    private final int[] table;

    /** @param names each once; a key's number is its position */
    public AttributeKeys(Collection<String> names) {
        this.names = List.copyOf(names);
        keys = new byte[names.size()][];
        heads = new long[keys.length];
        tails = new long[keys.length];
        table = new int[Integer.highestOneBit(Math.max(4, 4 * names.size()) - 1) << 1];
        for (int i = 0; i < keys.length; i++) {
            byte[] key = this.names.get(i).getBytes(StandardCharsets.UTF_8);
            if (find(key, 0, key.length) >= 0) {
                throw new IllegalArgumentException("twice: " + this.names.get(i));
            }
            keys[i] = key;
            heads[i] = head(key, 0, key.length);
            tails[i] = tail(key, 0, key.length);
            int at = slot(heads[i], tails[i], key.length);
            while (table[at] != 0) {
                at = at + 1 & table.length - 1;
            }
            table[at] = i + 1;
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
        for (int entry = table[at]; entry != 0; entry = table[at]) {
            int number = entry - 1;
            if (heads[number] == head && tails[number] == tail && isSameBetween(keys[number], bytes, from, length)) {
                return number;
            }
            at = at + 1 & table.length - 1;
        }
        return -1;
    }

    /** Senders cannot gain by collisions, because the table is fixed and sparse. */
    private int slot(long head, long tail, int length) {
        long hash = (head + length) * 0x9e3779b97f4a7c15L ^ tail * 0xc2b2ae3d27d4eb4fL;
        return (int) ((hash ^ hash >>> 29) >>> 32) & table.length - 1;
    }

    private static boolean isSameBetween(byte[] key, byte[] bytes, int from, int length) {
        if (key.length != length) {
            return false;
        }
        for (int i = Long.BYTES; i < length - Long.BYTES; i += Long.BYTES) {
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
