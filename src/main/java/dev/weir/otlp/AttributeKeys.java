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
    /** Numbers plus one, by hash; open addressing, at most a quarter full. */
    private final int[] table;

    /** @param names each once; a key's number is its position */
    public AttributeKeys(Collection<String> names) {
        this.names = List.copyOf(names);
        keys = new byte[names.size()][];
        table = new int[Integer.highestOneBit(Math.max(4, 4 * names.size()) - 1) << 1];
        for (int i = 0; i < keys.length; i++) {
            byte[] key = this.names.get(i).getBytes(StandardCharsets.UTF_8);
            if (find(key, 0, key.length) >= 0) {
                throw new IllegalArgumentException("twice: " + this.names.get(i));
            }
            keys[i] = key;
            int at = slot(key, 0, key.length);
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
        int at = slot(bytes, from, to);
        for (int entry = table[at]; entry != 0; entry = table[at]) {
            if (java.util.Arrays.equals(bytes, from, to, keys[entry - 1], 0, keys[entry - 1].length)) {
                return entry - 1;
            }
            at = at + 1 & table.length - 1;
        }
        return -1;
    }

    /** By length, ends and middle: senders cannot gain by collisions, because the table is fixed and sparse. */
    private int slot(byte[] bytes, int from, int to) {
        int length = to - from;
        int hash = length;
        if (length >= Integer.BYTES) {
            hash = hash * 31 + Wire.fixed32(bytes, from);
            hash = hash * 0x9e3779b1 + Wire.fixed32(bytes, to - Integer.BYTES);
            hash = hash * 0x85ebca6b + Wire.fixed32(bytes, from + (length - Integer.BYTES) / 2);
        } else {
            for (int i = from; i < to; i++) {
                hash = hash * 31 + bytes[i];
            }
        }
        hash *= 0x9e3779b1;
        return (hash ^ hash >>> 15) & table.length - 1;
    }
}
