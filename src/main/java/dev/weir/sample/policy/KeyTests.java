package dev.weir.sample.policy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tests on attributes in one place, found by key. What has no test is turned away by a look at two of its bytes. */
final class KeyTests {

    /** One test on the value of a key, and the bit it sets. */
    record KeyTest(ValueMatcher matcher, int word, long mask) {}

    /** The tests on one key. */
    static final class Slot {
        private final byte[] key;
        private final List<KeyTest> collected = new ArrayList<>();
        private KeyTest[] tests = {};
        private final @Nullable Slot next;

        private Slot(byte[] key, @Nullable Slot next) {
            this.key = key;
            this.next = next;
        }

        KeyTest[] tests() {
            return tests;
        }
    }

    private static final int BUCKETS = 256;

    private final @Nullable Slot[] buckets = new @Nullable Slot[BUCKETS];
    private boolean empty = true;

    void add(String key, ValueMatcher matcher, int bit) {
        byte[] utf8 = key.getBytes(StandardCharsets.UTF_8);
        if (utf8.length == 0) {
            return;
        }
        empty = false;
        int bucket = bucket(utf8, 0, utf8.length);
        Slot slot = find(utf8, 0, utf8.length);
        if (slot == null) {
            slot = new Slot(utf8, buckets[bucket]);
            buckets[bucket] = slot;
        }
        slot.collected.add(new KeyTest(matcher, bit >> 6, 1L << bit));
        slot.tests = slot.collected.toArray(KeyTest[]::new);
    }

    boolean isEmpty() {
        return empty;
    }

    /** The tests on this key; null when there are none. */
    @Nullable
    Slot find(byte[] bytes, int from, int to) {
        if (from == to) {
            return null;
        }
        for (Slot slot = buckets[bucket(bytes, from, to)]; slot != null; slot = slot.next) {
            if (Arrays.equals(bytes, from, to, slot.key, 0, slot.key.length)) {
                return slot;
            }
        }
        return null;
    }

    private static int bucket(byte[] bytes, int from, int to) {
        int length = to - from;
        return (length * 5 + bytes[to - 1] * 31 + bytes[from + (length >> 1)] * 113) & (BUCKETS - 1);
    }
}
