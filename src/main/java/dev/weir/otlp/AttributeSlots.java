package dev.weir.otlp;

import dev.weir.otlp.AttributeView.ValueType;

/**
 * The attributes of a message of a scanned request, read once; of those whose keys are in the table it remembers where they
 * are, by the key's number. A borrowed window: reusable, for one thread, never stored. It allocates nothing.
 *
 * <p>{@code reset}, then {@code next} until it is false: meanwhile the current attribute can be looked at; afterwards, and
 * for those already passed, the slots. Where a key stands several times, its slot is the last. It remembers too where the
 * message's other fields are, so that nobody has to read the message again.
 */
public final class AttributeSlots {

    private static final int FIELD_START = 0;
    private static final int FIELD_END = 1;
    private static final int ANY_START = 2;
    private static final int ANY_END = 3;
    private static final int WIDTH = 4;

    /** Fields of these numbers have a tag of one byte. */
    private static final int OTHERS = 16;

    private static final byte KEY_TAG = 1 << 3 | Wire.LENGTH;
    private static final byte VALUE_TAG = 2 << 3 | Wire.LENGTH;
    private static final byte STRING_TAG = 1 << 3 | Wire.LENGTH;

    private final AttributeKeys keys;
    private final FieldCursor field = new FieldCursor();
    private final FieldCursor inner = new FieldCursor();
    private final int[] slots;
    /** The read in which a slot was filled. */
    private final int[] filled;
    /** Of the other fields, by number, the start and the end of the value, and the read in which that was. */
    private final int[] others = new int[2 * OTHERS];

    private final int[] othersRead = new int[OTHERS];

    private int read;
    private byte[] bytes = {};
    /** Of the attributes. */
    private byte tag;

    private int end;
    private int number;
    private int fieldStart;
    private int fieldEnd;
    private boolean repeated;
    private int keyStart;
    private int keyEnd;
    private int anyStart;
    private int anyEnd;
    private int valueStart;
    private int valueEnd;

    public AttributeSlots(AttributeKeys keys) {
        this.keys = keys;
        slots = new int[WIDTH * keys.size()];
        filled = new int[keys.size()];
    }

    /**
     * Stands before the first attribute of the message whose body lies there.
     *
     * @param fieldNumber which field of the message holds its attributes, for example {@link AttributeView#OF_SPAN}
     */
    public AttributeSlots reset(byte[] validBytes, int from, int to, int fieldNumber) {
        bytes = validBytes;
        tag = (byte) (fieldNumber << 3 | Wire.LENGTH);
        read++;
        fieldStart = from;
        fieldEnd = from;
        end = to;
        return this;
    }

    /** Moves to the next attribute; false after the last. */
    public boolean next() {
        int p = fieldEnd;
        while (p < end) {
            int length = end - p >= 2 ? bytes[p + 1] : -1;
            if (bytes[p] == tag && length >= 0 && length <= end - p - 2) {
                fieldStart = p;
                fieldEnd = p + 2 + length;
                readCurrent(p + 2);
                return true;
            }
            field.reset(bytes, p, end).next();
            p = field.valueEnd();
            if (field.tag() == (tag & 0xff)) {
                fieldStart = field.fieldStart();
                fieldEnd = p;
                readCurrent(field.valueStart());
                return true;
            }
            noteOther();
        }
        fieldEnd = end;
        return false;
    }

    private void noteOther() {
        int other = field.tag() >>> 3;
        if (other < OTHERS) {
            othersRead[other] = read;
            others[2 * other] = field.valueStart();
            others[2 * other + 1] = field.valueEnd();
        }
    }

    private void readCurrent(int from) {
        repeated = false;
        if (!isPlain(from, fieldEnd)) {
            readUnusual(from);
        }
        number = keys.find(bytes, keyStart, keyEnd);
        if (number >= 0) {
            filled[number] = read;
            int slot = WIDTH * number;
            slots[slot + FIELD_START] = fieldStart;
            slots[slot + FIELD_END] = fieldEnd;
            slots[slot + ANY_START] = anyStart;
            slots[slot + ANY_END] = anyEnd;
        }
    }

    /** Of several values they are merged: one that says nothing does not take away what was said. */
    private void readUnusual(int from) {
        keyStart = keyEnd = anyStart = anyEnd = from;
        boolean hasValue = false;
        field.reset(bytes, from, fieldEnd);
        while (field.next()) {
            if (field.isContent(1)) {
                keyStart = field.valueStart();
                keyEnd = field.valueEnd();
            } else if (field.isContent(2)) {
                repeated |= hasValue;
                if (!hasValue || any(field.valueStart(), field.valueEnd()) != ValueType.NONE) {
                    anyStart = field.valueStart();
                    anyEnd = field.valueEnd();
                }
                hasValue = true;
            }
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

    /** The current attribute's number in the table; −1 when it is not in it. */
    public int number() {
        return number;
    }

    /** Where the current attribute begins, with its tag: what is cut to take it out. */
    public int fieldStart() {
        return fieldStart;
    }

    public int fieldEnd() {
        return fieldEnd;
    }

    public int keyStart() {
        return keyStart;
    }

    public int keyEnd() {
        return keyEnd;
    }

    /** Body of the current attribute's AnyValue. */
    public int anyStart() {
        return anyStart;
    }

    public int anyEnd() {
        return anyEnd;
    }

    /** Whether the current attribute has several values, of which others than the last may count. */
    public boolean isRepeated() {
        return repeated;
    }

    /** Whether the message has a field of that number, under 16, that is no attribute; after the last attribute. */
    public boolean hasOther(int field) {
        return othersRead[field] == read;
    }

    /** The value of the last such field, which is a varint; 0 without one. */
    public long other(int field) {
        return hasOther(field) ? Wire.varint(bytes, otherStart(field)) : 0;
    }

    /** Where the value of the last such field begins; only when {@link #hasOther}. */
    public int otherStart(int field) {
        return others[2 * field];
    }

    public int otherEnd(int field) {
        return others[2 * field + 1];
    }

    /** Whether the message has an attribute of that key. */
    public boolean has(int key) {
        return filled[key] == read;
    }

    /** Makes it as if the message had no attribute of that key. */
    public void forget(int key) {
        filled[key] = read - 1;
    }

    /** Where the attribute of that key begins, with its tag; only when {@link #has}. */
    public int fieldStart(int key) {
        return slots[WIDTH * key + FIELD_START];
    }

    public int fieldEnd(int key) {
        return slots[WIDTH * key + FIELD_END];
    }

    /** Whether there is a string of that key that is not empty; {@link #textStart} and {@link #textEnd} say where. */
    public boolean hasText(int key) {
        return has(key) && value(key) == ValueType.STRING && valueEnd > valueStart;
    }

    /** Where the text is that {@link #hasText} or {@link #value} found last. */
    public int textStart() {
        return valueStart;
    }

    public int textEnd() {
        return valueEnd;
    }

    /** Reads the value of that key; {@code NONE} without one. Of several fields of the oneof the last one counts. */
    public ValueType value(int key) {
        return has(key) ? any(slots[WIDTH * key + ANY_START], slots[WIDTH * key + ANY_END]) : ValueType.NONE;
    }

    /** Reads the value of the current attribute. */
    public ValueType value() {
        return any(anyStart, anyEnd);
    }

    /** Reads the AnyValue whose body lies there. */
    public ValueType value(int from, int to) {
        return any(from, to);
    }

    /** The integer or truth value that {@link #value} found last. */
    public long integer() {
        return Wire.varint(bytes, valueStart);
    }

    private ValueType any(int from, int to) {
        if (to - from >= 2 && bytes[from] == STRING_TAG && from + 2 + bytes[from + 1] == to) {
            valueStart = from + 2;
            valueEnd = to;
            return ValueType.STRING;
        }
        ValueType type = ValueType.NONE;
        valueStart = valueEnd = from;
        inner.reset(bytes, from, to);
        while (inner.next()) {
            ValueType found = ValueType.ofTag(inner.tag());
            if (found != ValueType.NONE) {
                type = found;
                valueStart = inner.valueStart();
                valueEnd = inner.valueEnd();
            }
        }
        return type;
    }
}
