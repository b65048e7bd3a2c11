package dev.weir.export.store;

import dev.weir.otlp.AttributeView;
import java.nio.charset.StandardCharsets;

/**
 * An attribute's value as the UTF-8 text by which it is searched: a string as it is, a boolean or number as Java prints
 * it. Arrays, lists and byte strings have none. A borrowed window, valid until the next {@link #read}.
 */
final class AttributeText {

    private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);

    private final byte[] digits = new byte[20]; // "-9223372036854775808"
    private byte[] bytes = digits;
    private int from;
    private int to;

    /** False when the attribute has no text. */
    boolean read(byte[] message, AttributeView attribute) {
        switch (attribute.valueType()) {
            case STRING -> set(message, attribute.valueStart(), attribute.valueEnd());
            case BOOL -> set(attribute.boolValue() ? TRUE : FALSE);
            case INT -> setLong(attribute.longValue());
            case DOUBLE -> set(Double.toString(attribute.doubleValue()).getBytes(StandardCharsets.US_ASCII));
            case NONE, ARRAY, KEY_VALUE_LIST, BYTES -> {
                return false;
            }
        }
        return true;
    }

    byte[] bytes() {
        return bytes;
    }

    int from() {
        return from;
    }

    int to() {
        return to;
    }

    /** A copy. */
    String string() {
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }

    private void set(byte[] text) {
        set(text, 0, text.length);
    }

    private void set(byte[] array, int start, int end) {
        bytes = array;
        from = start;
        to = end;
    }

    private void setLong(long value) {
        int at = digits.length;
        long rest = value;
        do {
            digits[--at] = (byte) ('0' + Math.abs(rest % 10));
            rest /= 10;
        } while (rest != 0);
        if (value < 0) {
            digits[--at] = '-';
        }
        set(digits, at, digits.length);
    }
}
