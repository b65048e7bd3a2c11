package dev.weir.sample.policy;

import dev.weir.otlp.FieldCursor;

/** One of the strings of an array, or one of the comma-separated parts of a string. */
final class ElementsMatcher extends ValueMatcher {

    private final ByteStrings values;
    private final FieldCursor elements = new FieldCursor();
    private final FieldCursor element = new FieldCursor();

    ElementsMatcher(ByteStrings values) {
        this.values = values;
    }

    @Override
    boolean text(byte[] bytes, int from, int to) {
        int start = from;
        for (int p = from; p <= to; p++) {
            if (p == to || bytes[p] == ',') {
                if (trimmed(bytes, start, p)) {
                    return true;
                }
                start = p + 1;
            }
        }
        return false;
    }

    private boolean trimmed(byte[] bytes, int from, int to) {
        int first = from;
        int last = to;
        while (first < last && bytes[first] == ' ') {
            first++;
        }
        while (last > first && bytes[last - 1] == ' ') {
            last--;
        }
        return values.contains(bytes, first, last);
    }

    @Override
    boolean array(byte[] bytes, int from, int to) {
        elements.reset(bytes, from, to);
        while (elements.next()) {
            if (elements.isContent(1) && isOne(bytes, elements.valueStart(), elements.valueEnd())) {
                return true;
            }
        }
        return false;
    }

    /** Of several fields of the oneof the last one counts. */
    private boolean isOne(byte[] bytes, int from, int to) {
        boolean one = false;
        element.reset(bytes, from, to);
        while (element.next()) {
            one = element.isContent(1) && values.contains(bytes, element.valueStart(), element.valueEnd());
        }
        return one;
    }
}
