package dev.weir.otlp;

import org.jspecify.annotations.Nullable;

/** Where in a request a transcoder stands; made a sentence of only when there is a fault. */
final class JsonPath {

    private final @Nullable JsonField[] fields;
    private final int[] elements;
    private int depth;

    JsonPath(int deepest) {
        fields = new @Nullable JsonField[deepest];
        elements = new int[deepest];
    }

    void clear() {
        depth = 0;
    }

    void enter(JsonField field) {
        fields[depth] = field;
        elements[depth] = -1;
        depth++;
    }

    void nextElement() {
        elements[depth - 1]++;
    }

    void leave() {
        depth--;
    }

    /** @param offset in bytes from the request's start, or −1 */
    OtlpFormatException fault(long offset, String problem) {
        if (depth == 0) {
            return new OtlpFormatException(offset, problem);
        }
        return new OtlpFormatException(offset, this + ": " + problem);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < depth; i++) {
            JsonField field = fields[i];
            text.append(i == 0 ? "" : ".").append(field == null ? "?" : field.name());
            if (elements[i] >= 0) {
                text.append('[').append(elements[i]).append(']');
            }
        }
        return text.toString();
    }
}
