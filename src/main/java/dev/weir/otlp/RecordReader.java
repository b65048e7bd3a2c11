package dev.weir.otlp;

/** Walks over the records of one protobuf message, checking every length. */
final class RecordReader {

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
        return wireType == field.kind().wireType() || field.isPacked() && wireType == Wire.LENGTH;
    }

    /** Whether the value is zero, false or nothing. */
    boolean isDefault() {
        return wireType == Wire.LENGTH ? from == to : value == 0;
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
            case Wire.VARINT -> value = varint();
            case Wire.FIXED64 -> value = Wire.fixed64(bytes, advance(Long.BYTES));
            case Wire.FIXED32 -> value = Wire.fixed32(bytes, advance(Integer.BYTES));
            case Wire.LENGTH -> {
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
        int start = position;
        position = Wire.varintEnd(bytes, start, end);
        return Wire.varint(bytes, start);
    }
}
