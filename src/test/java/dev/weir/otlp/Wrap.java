package dev.weir.otlp;

/** Puts bytes, sound or not, inside messages. */
final class Wrap {

    private Wrap() {}

    /** A length-delimited field. */
    static byte[] field(int number, byte[] content) {
        byte[] out = new byte[(int) Wire.fieldLength(content.length)];
        int at = Wire.putPrefix(out, 0, (byte) (number << 3 | Wire.LENGTH), content.length);
        System.arraycopy(content, 0, out, at, content.length);
        return out;
    }

    /** A trace request with one span of this body; the other requests' items stand in the same place. */
    static byte[] span(byte[] body) {
        return field(1, field(2, field(2, body)));
    }

    static byte[] bytes(int... values) {
        byte[] out = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            out[i] = (byte) values[i];
        }
        return out;
    }
}
