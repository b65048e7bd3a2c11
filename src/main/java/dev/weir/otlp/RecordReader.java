package dev.weir.otlp;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Walks over the records of one protobuf message, checking every length. */
final class RecordReader {

    static final int VARINT = 0;
    static final int FIXED64 = 1;
    static final int LENGTH = 2;
    static final int FIXED32 = 5;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final byte[] bytes;
    private final int end;
    private int position;
    private int number;
    private int wireType;
    private int from;
    private int to;
    private long value;

    RecordReader(byte[] bytes, int from, int end) {
        this.bytes = bytes;
        this.position = from;
        this.end = end;
    }

    /** The record as it is now. */
    RecordReader copy() {
        RecordReader copy = new RecordReader(bytes, position, end);
        copy.number = number;
        copy.wireType = wireType;
        copy.from = from;
        copy.to = to;
        copy.value = value;
        return copy;
    }

    /** Goes to the next record; whether there is one. */
    boolean next() throws OtlpFormatException {
        if (position == end) {
            return false;
        }
        int start = position;
        long tag = varint();
        number = (int) (tag >>> 3);
        wireType = (int) tag & 7;
        if (tag >>> 32 != 0 || number == 0) {
            throw new OtlpFormatException(start, "field number out of range");
        }
        content(start);
        return true;
    }

    /** Goes to the next record of that field. */
    boolean next(JsonField field) throws OtlpFormatException {
        while (next()) {
            if (number == field.number() && holds(field)) {
                return true;
            }
        }
        return false;
    }

    /** Goes to the next of numbers that stand without tags. */
    boolean nextPacked(int numbersWireType) throws OtlpFormatException {
        if (position == end) {
            return false;
        }
        wireType = numbersWireType;
        content(position);
        return true;
    }

    /** Whether the record's wire type is one of the field's; if not, protobuf takes it for an unknown field. */
    boolean holds(JsonField field) {
        return wireType == field.kind().wireType() || field.isPacked() && wireType == LENGTH;
    }

    /** Whether the value is zero, false or nothing. */
    boolean isDefault() {
        return wireType == LENGTH ? from == to : value == 0;
    }

    int number() {
        return number;
    }

    int wireType() {
        return wireType;
    }

    /** Start of a length-delimited record's content. */
    int from() {
        return from;
    }

    int to() {
        return to;
    }

    /** The bits of any other record. */
    long value() {
        return value;
    }

    private void content(int start) throws OtlpFormatException {
        switch (wireType) {
            case VARINT -> value = varint();
            case FIXED64 -> value = (long) LONG.get(bytes, advance(Long.BYTES));
            case FIXED32 -> value = (int) INT.get(bytes, advance(Integer.BYTES));
            case LENGTH -> {
                long length = varint();
                from = advance(length);
                to = position;
            }
            default -> throw new OtlpFormatException(start, "wire type " + wireType + " is not used by OTLP");
        }
    }

    private int advance(long length) throws OtlpFormatException {
        if (length < 0 || length > end - position) {
            throw new OtlpFormatException(position, "length past the end");
        }
        int before = position;
        position += (int) length;
        return before;
    }

    private long varint() throws OtlpFormatException {
        long result = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte next = bytes[advance(1)];
            result |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return result;
            }
        }
        throw new OtlpFormatException(position, "varint over 10 bytes");
    }
}
