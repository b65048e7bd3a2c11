package dev.weir.otlp;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes the body of a span with another {@code trace_state}, and with one more string attribute, which replaces those of
 * its key; everything else byte for byte. Reusable; for one thread; allocates nothing.
 */
public final class SpanWriter {

    private static final byte[] NOTHING = {};

    private static final byte TRACE_STATE_TAG = 3 << 3 | Wire.LENGTH;
    private static final byte ATTRIBUTES_TAG = 9 << 3 | Wire.LENGTH;
    private static final byte KEY_TAG = 1 << 3 | Wire.LENGTH;
    private static final byte VALUE_TAG = 2 << 3 | Wire.LENGTH;
    private static final byte STRING_TAG = 1 << 3 | Wire.LENGTH;

    private final FieldCursor field = new FieldCursor();
    private final FieldCursor attributeField = new FieldCursor();
    private byte[] source = NOTHING;
    private int from;
    private int to;
    private byte @Nullable [] traceState;
    private int traceStateFrom;
    private int traceStateTo;
    private byte @Nullable [] key;
    private byte[] value = NOTHING;

    /** Takes the body of a span that a {@link RequestScanner} found valid; nothing of it is to be changed yet. */
    public SpanWriter reset(byte[] bytes, int bodyFrom, int bodyTo) {
        source = bytes;
        from = bodyFrom;
        to = bodyTo;
        traceState = null;
        key = null;
        return this;
    }

    /** Sets the {@code trace_state}; an empty range takes it away. The bytes are read by {@link #write}. */
    public SpanWriter traceState(byte[] bytes, int stateFrom, int stateTo) {
        traceState = bytes;
        traceStateFrom = stateFrom;
        traceStateTo = stateTo;
        return this;
    }

    /** Adds an attribute, instead of any of that key; both in UTF-8. */
    public SpanWriter attribute(byte[] attributeKey, byte[] attributeValue) {
        key = attributeKey;
        value = attributeValue;
        return this;
    }

    /** How many bytes {@link #write} writes. */
    public int length() {
        int length = copyOthers(null, 0);
        if (traceStateTo > traceStateFrom && traceState != null) {
            length += (int) Wire.fieldLength(traceStateTo - traceStateFrom);
        }
        if (key != null) {
            length += (int) Wire.fieldLength(attributeLength(key));
        }
        return length;
    }

    /** Writes the body, without tag and length, and returns the position after it. */
    public int write(byte[] out, int at) {
        int p = copyOthers(out, at);
        if (traceState != null && traceStateTo > traceStateFrom) {
            p = Wire.putPrefix(out, p, TRACE_STATE_TAG, traceStateTo - traceStateFrom);
            System.arraycopy(traceState, traceStateFrom, out, p, traceStateTo - traceStateFrom);
            p += traceStateTo - traceStateFrom;
        }
        return key == null ? p : writeAttribute(key, out, p);
    }

    /** Copies, or with no array only counts, the fields that stay. */
    private int copyOthers(byte @Nullable [] out, int at) {
        int p = at;
        int run = from;
        if (traceState != null || key != null) {
            field.reset(source, from, to);
            while (field.next()) {
                if (isReplaced()) {
                    p = copy(run, field.fieldStart(), out, p);
                    run = field.valueEnd();
                }
            }
        }
        return copy(run, to, out, p);
    }

    private boolean isReplaced() {
        if (field.tag() == TRACE_STATE_TAG) {
            return traceState != null;
        }
        return key != null && field.tag() == ATTRIBUTES_TAG && hasKey(key);
    }

    /** Of a repeated key field the last one counts. */
    private boolean hasKey(byte[] wanted) {
        boolean found = false;
        attributeField.reset(source, field.valueStart(), field.valueEnd());
        while (attributeField.next()) {
            if (attributeField.tag() == KEY_TAG) {
                found = Arrays.equals(
                        source, attributeField.valueStart(), attributeField.valueEnd(), wanted, 0, wanted.length);
            }
        }
        return found;
    }

    private int copy(int runFrom, int runTo, byte @Nullable [] out, int at) {
        if (out != null) {
            System.arraycopy(source, runFrom, out, at, runTo - runFrom);
        }
        return at + runTo - runFrom;
    }

    private long attributeLength(byte[] attributeKey) {
        return Wire.fieldLength(attributeKey.length) + Wire.fieldLength(Wire.fieldLength(value.length));
    }

    private int writeAttribute(byte[] attributeKey, byte[] out, int at) {
        int p = Wire.putPrefix(out, at, ATTRIBUTES_TAG, attributeLength(attributeKey));
        p = Wire.putPrefix(out, p, KEY_TAG, attributeKey.length);
        System.arraycopy(attributeKey, 0, out, p, attributeKey.length);
        p = Wire.putPrefix(out, p + attributeKey.length, VALUE_TAG, Wire.fieldLength(value.length));
        p = Wire.putPrefix(out, p, STRING_TAG, value.length);
        System.arraycopy(value, 0, out, p, value.length);
        return p + value.length;
    }
}
