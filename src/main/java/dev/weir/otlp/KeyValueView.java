package dev.weir.otlp;

import dev.weir.otlp.AttributeView.ValueType;

/**
 * Where the parts of a KeyValue of a scanned request are, and those of a value. A borrowed window: reusable, for one thread, never
 * stored. It allocates nothing.
 */
final class KeyValueView {

    private static final byte KEY_TAG = 1 << 3 | Wire.LENGTH;
    private static final byte VALUE_TAG = 2 << 3 | Wire.LENGTH;
    private static final byte STRING_TAG = 1 << 3 | Wire.LENGTH;

    private final FieldCursor parts = new FieldCursor();
    private final FieldCursor field = new FieldCursor();
    private byte[] bytes = {};

    /** With its tag, the KeyValue; then its key, and the body of its AnyValue. */
    int fieldStart;

    int fieldEnd;
    int keyStart;
    int keyEnd;
    int anyStart;
    int anyEnd;
    /** Whether it has several values. */
    boolean repeated;

    /** Where the value is that was read last. */
    int valueStart;

    int valueEnd;

    void reset(byte[] validBytes) {
        bytes = validBytes;
    }

    /** Reads the KeyValue whose field begins at {@code start}, and whose body lies there. */
    void read(int start, int from, int to) {
        fieldStart = start;
        fieldEnd = to;
        repeated = false;
        if (!isPlain(from, to)) {
            readUnusual(from, to);
        }
    }

    /** Reads an attribute as all senders write it: a key, then a value, each with a length of one byte. */
    private boolean isPlain(int from, int to) {
        if (to - from < 4 || bytes[from] != KEY_TAG) {
            return false;
        }
        int value = from + 2 + bytes[from + 1];
        if (value < from + 2 || value > to - 2 || bytes[value] != VALUE_TAG || value + 2 + bytes[value + 1] != to) {
            return false;
        }
        keyStart = from + 2;
        keyEnd = value;
        anyStart = value + 2;
        anyEnd = to;
        return true;
    }

    /** Of several values they are merged: one that says nothing does not take away what was said. */
    private void readUnusual(int from, int to) {
        keyStart = keyEnd = anyStart = anyEnd = from;
        boolean hasValue = false;
        parts.reset(bytes, from, to);
        while (parts.next()) {
            if (parts.isContent(1)) {
                keyStart = parts.valueStart();
                keyEnd = parts.valueEnd();
            } else if (parts.isContent(2)) {
                repeated |= hasValue;
                if (!hasValue || value(parts.valueStart(), parts.valueEnd()) != ValueType.NONE) {
                    anyStart = parts.valueStart();
                    anyEnd = parts.valueEnd();
                }
                hasValue = true;
            }
        }
    }

    /** Reads the AnyValue whose body lies there. Of several fields of the oneof the last one counts. */
    ValueType value(int from, int to) {
        if (to - from >= 2 && bytes[from] == STRING_TAG && from + 2 + bytes[from + 1] == to) {
            valueStart = from + 2;
            valueEnd = to;
            return ValueType.STRING;
        }
        ValueType type = ValueType.NONE;
        valueStart = valueEnd = from;
        field.reset(bytes, from, to);
        while (field.next()) {
            ValueType found = ValueType.ofTag(field.tag());
            if (found != ValueType.NONE) {
                type = found;
                valueStart = field.valueStart();
                valueEnd = field.valueEnd();
            }
        }
        return type;
    }

    /** The integer or truth value that was read last. */
    long integer() {
        return Wire.varint(bytes, valueStart);
    }
}
