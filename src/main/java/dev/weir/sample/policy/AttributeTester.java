package dev.weir.sample.policy;

import dev.weir.otlp.FieldCursor;
import dev.weir.sample.policy.KeyTests.KeyTest;

/** Reads one KeyValue: its key, and its value only if somebody asks for it. For one thread. */
final class AttributeTester {

    private static final byte KEY = 0x0a;
    private static final byte VALUE = 0x12;

    /** Tags of AnyValue's fields. */
    private static final int STRING = 0x0a;

    private static final int BOOL = 0x10;
    private static final int INT = 0x18;
    private static final int DOUBLE = 0x21;
    private static final int ARRAY = 0x2a;
    private static final int KEY_VALUE_LIST = 0x32;
    private static final int BYTES = 0x3a;

    private final FieldCursor field = new FieldCursor();
    private final FieldCursor value = new FieldCursor();

    /** Sets the bits of the tests that the KeyValue with this body passes. */
    void test(KeyTests tests, byte[] bytes, int from, int to, long[] bits) {
        // nearly all are a key and a value, in this order, each under 128 bytes
        if (to - from >= 4 && bytes[from] == KEY) {
            int keyEnd = from + 2 + bytes[from + 1];
            if (keyEnd > from + 1
                    && keyEnd + 2 <= to
                    && bytes[keyEnd] == VALUE
                    && keyEnd + 2 + bytes[keyEnd + 1] == to) {
                KeyTests.Slot slot = tests.find(bytes, from + 2, keyEnd);
                if (slot != null) {
                    any(slot.tests(), bytes, keyEnd + 2, to, bits);
                }
                return;
            }
        }
        testAnyShape(tests, bytes, from, to, bits);
    }

    /** Of several keys or values the last one counts. */
    private void testAnyShape(KeyTests tests, byte[] bytes, int from, int to, long[] bits) {
        int keyFrom = from;
        int keyTo = from;
        int anyFrom = from;
        int anyTo = from;
        field.reset(bytes, from, to);
        while (field.next()) {
            if (field.isContent(1)) {
                keyFrom = field.valueStart();
                keyTo = field.valueEnd();
            } else if (field.isContent(2)) {
                anyFrom = field.valueStart();
                anyTo = field.valueEnd();
            }
        }
        KeyTests.Slot slot = tests.find(bytes, keyFrom, keyTo);
        if (slot != null) {
            any(slot.tests(), bytes, anyFrom, anyTo, bits);
        }
    }

    /** Body of an AnyValue; of several fields of the oneof the last one counts. */
    private void any(KeyTest[] tests, byte[] bytes, int from, int to, long[] bits) {
        if (to - from >= 2 && bytes[from] == STRING && from + 2 + bytes[from + 1] == to) {
            string(tests, bytes, from + 2, to, bits);
            return;
        }
        int tag = 0;
        int start = from;
        int end = from;
        long number = 0;
        value.reset(bytes, from, to);
        while (value.next()) {
            switch (value.tag()) {
                case BOOL, INT -> {
                    tag = value.tag();
                    number = value.varint();
                }
                case DOUBLE -> {
                    tag = value.tag();
                    number = value.fixed64();
                }
                case STRING, ARRAY, KEY_VALUE_LIST, BYTES -> {
                    tag = value.tag();
                    start = value.valueStart();
                    end = value.valueEnd();
                }
                default -> {}
            }
        }
        switch (tag) {
            case 0 -> {}
            case STRING -> string(tests, bytes, start, end, bits);
            case BOOL, INT, DOUBLE -> number(tests, tag, number, bits);
            default -> other(tests, tag == ARRAY, bytes, start, end, bits);
        }
    }

    private static void string(KeyTest[] tests, byte[] bytes, int from, int to, long[] bits) {
        for (KeyTest test : tests) {
            if (test.matcher().text(bytes, from, to)) {
                bits[test.word()] |= test.mask();
            }
        }
    }

    private static void number(KeyTest[] tests, int tag, long number, long[] bits) {
        for (KeyTest test : tests) {
            ValueMatcher matcher = test.matcher();
            boolean passes = switch (tag) {
                case BOOL -> matcher.truth(number != 0);
                case INT -> matcher.integer(number);
                default -> matcher.real(Double.longBitsToDouble(number));
            };
            if (passes) {
                bits[test.word()] |= test.mask();
            }
        }
    }

    private static void other(KeyTest[] tests, boolean isArray, byte[] bytes, int from, int to, long[] bits) {
        for (KeyTest test : tests) {
            if (isArray ? test.matcher().array(bytes, from, to) : test.matcher().other()) {
                bits[test.word()] |= test.mask();
            }
        }
    }
}
