package dev.weir.enrich.envoy;

import dev.weir.otlp.AttributeWriter;
import java.util.Arrays;

/** What a tag's text became last: proxies say the same of span after span. For one thread. */
final class RowMemo {

    private byte[] text = {};
    private int length;
    private byte[] fields = {};
    private int fieldsLength;
    private boolean understood;

    /** Whether this was the text. */
    boolean has(byte[] bytes, int from, int to) {
        return to - from == length && Arrays.equals(bytes, from, to, text, 0, length);
    }

    /** Writes what it became; whether it was understood. */
    boolean writeInto(AttributeWriter out) {
        out.fields(fields, 0, fieldsLength);
        return understood;
    }

    /** @param start where in {@code out} what the text became begins */
    void keep(byte[] bytes, int from, int to, AttributeWriter out, int start, boolean isUnderstood) {
        length = to - from;
        text = copy(bytes, from, to, text);
        fieldsLength = out.length() - start;
        fields = copy(out.bytes(), start, out.length(), fields);
        understood = isUnderstood;
    }

    private static byte[] copy(byte[] bytes, int from, int to, byte[] into) {
        if (to - from > into.length) {
            return Arrays.copyOfRange(bytes, from, to);
        }
        System.arraycopy(bytes, from, into, 0, to - from);
        return into;
    }
}
