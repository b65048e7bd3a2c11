package dev.weir.otlp;

import java.util.Arrays;

/**
 * Writes attributes, and other fields, as they are appended to a message: whole fields with their tags, one after another, in
 * a buffer that is used again. For one thread; allocates only to grow.
 */
public final class AttributeWriter {

    /** A buffer longer than this is let go by {@link #clear}. */
    private static final int KEPT = 64 << 10;

    /** Key and value that are together shorter make an attribute of which each length is one byte. */
    private static final int SHORT = 128 - 4;

    private static final byte KEY_TAG = 1 << 3 | Wire.LENGTH;
    private static final byte VALUE_TAG = 2 << 3 | Wire.LENGTH;
    private static final byte STRING_TAG = 1 << 3 | Wire.LENGTH;
    private static final byte BOOL_TAG = 2 << 3 | Wire.VARINT;
    private static final byte INT_TAG = 3 << 3 | Wire.VARINT;
    private static final byte ARRAY_TAG = 5 << 3 | Wire.LENGTH;
    /** The field of a list that holds its elements. */
    public static final int ELEMENT = 1;

    private static final byte ELEMENT_TAG = ELEMENT << 3 | Wire.LENGTH;
    private static final byte STATUS_TAG = 15 << 3 | Wire.LENGTH;
    private static final byte STATUS_CODE_TAG = 3 << 3 | Wire.VARINT;

    private byte tag;
    private byte[] bytes = new byte[1024];
    private int length;

    /**
     * Begins anew.
     *
     * @param fieldNumber which field of the message holds its attributes, for example {@link AttributeView#OF_SPAN}
     */
    public AttributeWriter clear(int fieldNumber) {
        tag = (byte) (fieldNumber << 3 | Wire.LENGTH);
        length = 0;
        if (bytes.length > KEPT) {
            bytes = new byte[1024];
        }
        return this;
    }

    /** The fields are the first {@link #length} bytes; until the next change. */
    public byte[] bytes() {
        return bytes;
    }

    public int length() {
        return length;
    }

    public void string(byte[] key, byte[] value) {
        string(key, value, 0, value.length);
    }

    /** An attribute whose value is the text that lies there, in UTF-8. */
    public void string(byte[] key, byte[] text, int from, int to) {
        string(key, 0, key.length, text, from, to);
    }

    /** An attribute whose key and value lie there, in UTF-8. */
    public void string(byte[] keys, int keyFrom, int keyTo, byte[] text, int from, int to) {
        int size = to - from;
        int p = begin(keys, keyFrom, keyTo, size < SHORT ? size + 2 : Wire.fieldLength(size));
        p = Wire.putPrefix(bytes, p, STRING_TAG, to - from);
        System.arraycopy(text, from, bytes, p, to - from);
        length = p + to - from;
    }

    public void integer(byte[] key, long value) {
        int p = begin(key, 0, key.length, 1 + Wire.varintLength(value));
        bytes[p++] = INT_TAG;
        length = varint(p, value);
    }

    public void bool(byte[] key, boolean value) {
        int p = begin(key, 0, key.length, 2);
        bytes[p++] = BOOL_TAG;
        bytes[p++] = (byte) (value ? 1 : 0);
        length = p;
    }

    /** An attribute whose value is an array of texts in UTF-8; {@code bounds} has the start and the end of each. */
    public void strings(byte[] key, byte[] text, int[] bounds, int count) {
        long array = 0;
        for (int i = 0; i < count; i++) {
            array += Wire.fieldLength(Wire.fieldLength(bounds[2 * i + 1] - bounds[2 * i]));
        }
        int p = begin(key, 0, key.length, Wire.fieldLength(array));
        p = Wire.putPrefix(bytes, p, ARRAY_TAG, array);
        for (int i = 0; i < count; i++) {
            int size = bounds[2 * i + 1] - bounds[2 * i];
            p = Wire.putPrefix(bytes, p, ELEMENT_TAG, Wire.fieldLength(size));
            p = Wire.putPrefix(bytes, p, STRING_TAG, size);
            System.arraycopy(text, bounds[2 * i], bytes, p, size);
            p += size;
        }
        length = p;
    }

    /** An attribute whose value is the list whose {@linkplain #element elements} are the first {@code length} bytes. */
    public void list(byte[] keys, int keyFrom, int keyTo, byte[] elements, int length) {
        int p = begin(keys, keyFrom, keyTo, Wire.fieldLength(length));
        p = Wire.putPrefix(bytes, p, ARRAY_TAG, length);
        System.arraycopy(elements, 0, bytes, p, length);
        this.length = p + length;
    }

    /** An element of a list, which is the text that lies there; not an attribute. */
    public void element(byte[] text, int from, int to) {
        long value = Wire.fieldLength(to - from);
        room(Wire.fieldLength(value));
        int p = Wire.putPrefix(bytes, length, ELEMENT_TAG, value);
        p = Wire.putPrefix(bytes, p, STRING_TAG, to - from);
        System.arraycopy(text, from, bytes, p, to - from);
        length = p + to - from;
    }

    /** A span's status: with the one that the span may have, this code counts, and the message stays. */
    public void status(int code) {
        room(4);
        bytes[length++] = STATUS_TAG;
        bytes[length++] = 2;
        bytes[length++] = STATUS_CODE_TAG;
        bytes[length++] = (byte) code;
    }

    /** Whole fields, as they are. */
    public void fields(byte[] source, int from, int to) {
        room(to - from);
        System.arraycopy(source, from, bytes, length, to - from);
        length += to - from;
    }

    /** Writes everything before the body of the AnyValue; returns where that begins. */
    private int begin(byte[] keys, int keyFrom, int keyTo, long anyLength) {
        int keyLength = keyTo - keyFrom;
        if (keyLength + anyLength < SHORT) {
            return beginShort(keys, keyFrom, keyLength, (int) anyLength);
        }
        long body = Wire.fieldLength(keyLength) + Wire.fieldLength(anyLength);
        room(Wire.fieldLength(body));
        int p = Wire.putPrefix(bytes, length, tag, body);
        p = Wire.putPrefix(bytes, p, KEY_TAG, keyLength);
        System.arraycopy(keys, keyFrom, bytes, p, keyLength);
        return Wire.putPrefix(bytes, p + keyLength, VALUE_TAG, anyLength);
    }

    /** The same, where every length is one byte. */
    private int beginShort(byte[] keys, int keyFrom, int keyLength, int anyLength) {
        int body = keyLength + anyLength + 4;
        room(body + 2);
        byte[] b = bytes;
        int p = length;
        b[p] = tag;
        b[p + 1] = (byte) body;
        b[p + 2] = KEY_TAG;
        b[p + 3] = (byte) keyLength;
        System.arraycopy(keys, keyFrom, b, p + 4, keyLength);
        p += 4 + keyLength;
        b[p] = VALUE_TAG;
        b[p + 1] = (byte) anyLength;
        return p + 2;
    }

    private int varint(int at, long value) {
        int p = at;
        long left = value;
        while ((left & ~0x7fL) != 0) {
            bytes[p++] = (byte) (left | 0x80);
            left >>>= 7;
        }
        bytes[p++] = (byte) left;
        return p;
    }

    private void room(long more) {
        if (more > bytes.length - length) {
            bytes = Arrays.copyOf(bytes, Math.toIntExact(Math.max(2L * bytes.length, length + more)));
        }
    }
}
