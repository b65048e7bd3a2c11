package dev.weir.otlp;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A cursor over the attributes inside the body of a message of a scanned request: a span's, a resource's, a scope's. A
 * borrowed window: reusable, for one thread, never stored. It allocates nothing but the strings asked for.
 */
public final class AttributeView {

    /** Field number of a Span's attributes. */
    public static final int OF_SPAN = 9;

    public static final int OF_RESOURCE = 1;
    public static final int OF_SCOPE = 3;
    public static final int OF_LOG_RECORD = 6;
    public static final int OF_EVENT = 3;
    public static final int OF_LINK = 4;

    /** Which field of an AnyValue is set. */
    public enum ValueType {
        /** None: the attribute has no value. */
        NONE,
        STRING,
        BOOL,
        INT,
        DOUBLE,
        ARRAY,
        KEY_VALUE_LIST,
        BYTES;

        /** By the tag of a field of an AnyValue; {@code NONE} for a field that is unknown. */
        static ValueType ofTag(int tag) {
            return switch (tag) {
                case 0x0a -> STRING;
                case 0x10 -> BOOL;
                case 0x18 -> INT;
                case 0x21 -> DOUBLE;
                case 0x2a -> ARRAY;
                case 0x32 -> KEY_VALUE_LIST;
                case 0x3a -> BYTES;
                default -> NONE;
            };
        }
    }

    private final FieldCursor field = new FieldCursor();
    private final FieldCursor inner = new FieldCursor();
    private byte[] bytes = {};
    private int fieldNumber;
    private int keyStart;
    private int keyEnd;
    private int anyStart;
    private int anyEnd;
    private boolean valueRead;
    private ValueType type = ValueType.NONE;
    private int valueStart;
    private int valueEnd;

    /**
     * Stands before the first attribute.
     *
     * @param fieldNumber which field of the message holds its attributes, for example {@link #OF_SPAN}
     */
    public AttributeView reset(byte[] bytes, int from, int to, int fieldNumber) {
        this.bytes = bytes;
        this.fieldNumber = fieldNumber;
        field.reset(bytes, from, to);
        return this;
    }

    /** Moves to the next attribute; false after the last. */
    public boolean next() {
        while (field.next()) {
            if (field.isContent(fieldNumber)) {
                readKey(field.valueStart(), field.valueEnd());
                return true;
            }
        }
        return false;
    }

    public boolean keyEquals(byte[] utf8) {
        return Arrays.equals(bytes, keyStart, keyEnd, utf8, 0, utf8.length);
    }

    /** Allocates. */
    public String key() {
        return text(keyStart, keyEnd);
    }

    public int keyStart() {
        return keyStart;
    }

    public int keyEnd() {
        return keyEnd;
    }

    public ValueType valueType() {
        if (!valueRead) {
            readValue();
        }
        return type;
    }

    /** Start of the text, of the bytes, or of the body of the array or list. */
    public int valueStart() {
        valueType();
        return valueStart;
    }

    public int valueEnd() {
        valueType();
        return valueEnd;
    }

    /** The text; empty when the value is none. Allocates. */
    public String stringValue() {
        return valueType() == ValueType.STRING ? text(valueStart, valueEnd) : "";
    }

    /** The integer; 0 when the value is none. */
    public long longValue() {
        return valueType() == ValueType.INT ? Wire.varint(bytes, valueStart) : 0;
    }

    /** The double; 0 when the value is none. */
    public double doubleValue() {
        return valueType() == ValueType.DOUBLE ? Double.longBitsToDouble(Wire.fixed64(bytes, valueStart)) : 0;
    }

    /** The truth value; false when the value is none. */
    public boolean boolValue() {
        return valueType() == ValueType.BOOL && Wire.varint(bytes, valueStart) != 0;
    }

    private void readKey(int from, int to) {
        keyStart = keyEnd = anyStart = anyEnd = from;
        valueRead = false;
        inner.reset(bytes, from, to);
        while (inner.next()) {
            if (inner.isContent(1)) {
                keyStart = inner.valueStart();
                keyEnd = inner.valueEnd();
            } else if (inner.isContent(2)) {
                anyStart = inner.valueStart();
                anyEnd = inner.valueEnd();
            }
        }
    }

    /** Of several fields of the oneof the last one counts. */
    private void readValue() {
        type = ValueType.NONE;
        valueStart = valueEnd = anyStart;
        valueRead = true;
        inner.reset(bytes, anyStart, anyEnd);
        while (inner.next()) {
            ValueType found = ValueType.ofTag(inner.tag());
            if (found != ValueType.NONE) {
                type = found;
                valueStart = inner.valueStart();
                valueEnd = inner.valueEnd();
            }
        }
    }

    private String text(int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }
}
