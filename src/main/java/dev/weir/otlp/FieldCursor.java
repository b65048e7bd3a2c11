package dev.weir.otlp;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Walks the fields of one message of a scanned request. Reads the tag and locates the value; what the value means is the
 * caller's. A field that is not wholly inside the message is an {@link IllegalArgumentException}. A borrowed window:
 * reusable, for one thread, never stored. It allocates nothing.
 */
public final class FieldCursor {

    private static final VarHandle BIG_ENDIAN =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private byte[] bytes = {};
    private int end;
    private int fieldStart;
    private int tag;
    private int valueStart;
    private int valueEnd;

    /** Stands before the first field of the message whose body lies from {@code from} to {@code to}. */
    public FieldCursor reset(byte[] message, int from, int to) {
        bytes = message;
        end = to;
        fieldStart = from;
        valueStart = from;
        valueEnd = from;
        tag = 0;
        return this;
    }

    /** Moves to the next field; false after the last. */
    public boolean next() {
        int p = valueEnd;
        fieldStart = p;
        // No field is shorter than a tag and one byte.
        if (end - p < 2) {
            if (p == end) {
                return false;
            }
            throw notScanned();
        }
        tag = bytes[p++];
        if (tag < 0) {
            p = afterVarint(fieldStart);
            if (p >= end) {
                throw notScanned();
            }
            tag = (int) Wire.varint(bytes, fieldStart);
        }
        valueStart = p;
        long valueLimit = switch (tag & 7) {
            case Wire.VARINT -> afterVarint(p);
            case Wire.FIXED64 -> (long) p + Long.BYTES;
            case Wire.FIXED32 -> (long) p + Integer.BYTES;
            default -> afterContent(p);
        };
        if (valueLimit > end) {
            throw notScanned();
        }
        valueEnd = (int) valueLimit;
        return true;
    }

    /** Whether the field is length-delimited and has this number. */
    public boolean isContent(int number) {
        return tag == (number << 3 | Wire.LENGTH);
    }

    /** Field number and wire type as they stand in the tag: {@code number << 3 | wireType}. */
    public int tag() {
        return tag;
    }

    /** Where the field's tag is. */
    public int fieldStart() {
        return fieldStart;
    }

    /** Where the value is: the content, without its length, of a length-delimited field. */
    public int valueStart() {
        return valueStart;
    }

    /** Where the value, and so the field, ends. */
    public int valueEnd() {
        return valueEnd;
    }

    /** Value of a varint field. */
    public long varint() {
        return Wire.varint(bytes, valueStart);
    }

    /** First eight bytes, big endian; 0 for an id of the wrong size. */
    public long traceIdHigh() {
        return valueEnd - valueStart == IdSizes.TRACE_ID_BYTES ? (long) BIG_ENDIAN.get(bytes, valueStart) : 0;
    }

    /** Last eight bytes, big endian; 0 for an id of the wrong size. */
    public long traceIdLow() {
        return valueEnd - valueStart == IdSizes.TRACE_ID_BYTES
                ? (long) BIG_ENDIAN.get(bytes, valueStart + Long.BYTES)
                : 0;
    }

    /** Big endian; 0 for an id of the wrong size. */
    public long spanId() {
        return valueEnd - valueStart == IdSizes.SPAN_ID_BYTES ? (long) BIG_ENDIAN.get(bytes, valueStart) : 0;
    }

    /** Value of a fixed64 field. */
    public long fixed64() {
        return Wire.fixed64(bytes, valueStart);
    }

    /** Value of a fixed32 field. */
    public int fixed32() {
        return Wire.fixed32(bytes, valueStart);
    }

    /** Past the end when the varint is. */
    private int afterVarint(int at) {
        int p = at;
        while (p < end && bytes[p] < 0) {
            p++;
        }
        return p + 1;
    }

    private long afterContent(int at) {
        long length = bytes[at];
        int start = at + 1;
        if (length < 0) {
            start = afterVarint(at);
            length = start <= end ? Wire.varint(bytes, at) : Long.MAX_VALUE;
        }
        valueStart = start;
        return length < 0 || length > end - start ? Long.MAX_VALUE : start + length;
    }

    private IllegalArgumentException notScanned() {
        return new IllegalArgumentException("not a scanned request: field at byte " + fieldStart);
    }
}
