package dev.weir.otlp;

/**
 * The KeyValue that nearly all attributes are: key and value in either order, lengths of one byte, the value a string,
 * number or truth value. Its head is read as one word, and nothing in a loop; anything else goes the general way. Kept small
 * and apart from that way, so that the compiler puts it into the loops that it is for.
 */
final class PlainKeyValue {

    private static final byte KEY_TAG = 0x0a;
    private static final byte VALUE_TAG = 0x12;

    /** Bytes of the shortest: its length, an empty key, and a value of two bytes. */
    private static final int SHORTEST = 7;

    /** In a KeyValue's first four bytes, the bits that say that its or its first field's length goes on. */
    private static final int LONG_LENGTHS = 0x80_00_80;

    private PlainKeyValue() {}

    /** The end of the one whose length prefix is at {@code at}; 0 when it is not plain, or goes past {@code end}. */
    static int end(byte[] bytes, int at, int end) {
        if (end - at < SHORTEST) {
            return 0;
        }
        int head = Wire.fixed32(bytes, at); // its length, its first field's tag and length, and a byte of that field
        int to = at + 1 + (head & 0xff);
        int second = at + 3 + (head >>> 16 & 0xff);
        int secondLength = to - second - 2;
        if ((head & LONG_LENGTHS) != 0 || (head & 0xff) >= end - at || secondLength < 0) {
            return 0;
        }
        boolean plain;
        if ((head & 0xff00) == KEY_TAG << 8) {
            plain = secondLength >= 2
                    && bytes[second] == VALUE_TAG
                    && bytes[second + 1] == secondLength
                    && isValue(bytes, second + 2, to);
        } else {
            plain = (head & 0xff00) == VALUE_TAG << 8
                    && second - at >= 5
                    && bytes[second] == KEY_TAG
                    && bytes[second + 1] == secondLength
                    && isValue(bytes, at + 3, second);
        }
        return plain ? to : 0;
    }

    /** Of an AnyValue of at least two bytes. */
    private static boolean isValue(byte[] bytes, int from, int to) {
        return switch (bytes[from]) {
            case 0x0a /* string_value */ -> bytes[from + 1] == to - from - 2;
            case 0x10 /* bool_value */, 0x18 /* int_value */ -> Wire.isOneVarint(bytes, from + 1, to);
            case 0x21 /* double_value */ -> to - from == 1 + Long.BYTES;
            default -> false;
        };
    }
}
