package dev.weir.otlp;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Writes protobuf bytes of OTLP as OTLP JSON: ids in lower-case hex, 64-bit integers as strings, enums as numbers, bytes
 * in base64. Fields that protobuf takes for unset, and unknown ones, are left out.
 *
 * <p>Reads a message once for each of the fields it has, instead of keeping where they are: for answers to people, not
 * for the hot path.
 */
public final class ProtobufToJson {

    private final byte[] bytes;
    private final JsonGenerator out;

    private ProtobufToJson(byte[] bytes, JsonGenerator out) {
        this.bytes = bytes;
        this.out = out;
    }

    /**
     * Writes one object.
     *
     * @throws OtlpFormatException when the bytes are no such request; part of the object may have been written
     */
    public static void write(RequestType type, byte[] request, int offset, int length, JsonGenerator out)
            throws IOException, OtlpFormatException {
        new ProtobufToJson(request, out).object(JsonSchema.request(type), offset, offset + length, 1);
    }

    /**
     * The same for any message of OTLP.
     *
     * @param message its name as in the .proto file, such as {@code ResourceSpans} or {@code Span}
     * @throws IllegalArgumentException when OTLP has none of that name
     */
    public static void write(String message, byte[] bytes, int offset, int length, JsonGenerator out)
            throws IOException, OtlpFormatException {
        new ProtobufToJson(bytes, out).object(JsonSchema.message(message), offset, offset + length, 1);
    }

    private void object(JsonMessage message, int from, int to, int level) throws IOException, OtlpFormatException {
        if (level > JsonToProtobuf.MAX_MESSAGE_NESTING) {
            throw new OtlpFormatException(from, "messages nested over " + JsonToProtobuf.MAX_MESSAGE_NESTING + " deep");
        }
        long present = 0;
        int lastOfOneof = -1;
        RecordReader records = new RecordReader(bytes, from, to);
        while (records.next()) {
            JsonField field = message.find(records.number());
            if (field != null && records.holds(field)) {
                present |= 1L << field.ordinal();
                lastOfOneof = field.isInOneof() ? field.ordinal() : lastOfOneof;
            }
        }
        out.writeStartObject();
        for (JsonField field : message.fields()) {
            boolean isSet = (present >>> field.ordinal() & 1) != 0;
            if (isSet && (!field.isInOneof() || field.ordinal() == lastOfOneof)) {
                field(field, from, to, level);
            }
        }
        out.writeEndObject();
    }

    private void field(JsonField field, int from, int to, int level) throws IOException, OtlpFormatException {
        RecordReader records = new RecordReader(bytes, from, to);
        if (field.isRepeated()) {
            out.writeArrayFieldStart(field.name());
            while (records.next(field)) {
                if (field.isPacked() && records.wireType() == Wire.LENGTH) {
                    RecordReader numbers = new RecordReader(bytes, records.from(), records.to());
                    while (numbers.nextPacked(field.kind().wireType())) {
                        value(field, numbers, level);
                    }
                } else {
                    value(field, records, level);
                }
            }
            out.writeEndArray();
        } else if (field.kind() == JsonField.Kind.MESSAGE) {
            out.writeFieldName(field.name());
            nested(field, records, level);
        } else {
            RecordReader last = records;
            while (records.next(field)) {
                last = records.copy();
            }
            if (field.hasPresence() || !last.isDefault()) {
                out.writeFieldName(field.name());
                value(field, last, level);
            }
        }
    }

    /** A message that stands more than once is merged, which its concatenation does. */
    private void nested(JsonField field, RecordReader records, int level) throws IOException, OtlpFormatException {
        records.next(field);
        RecordReader first = records.copy();
        if (!records.next(field)) {
            value(field, first, level);
            return;
        }
        ProtobufBuffer merged = new ProtobufBuffer();
        merged.append(bytes, first.from(), first.to() - first.from());
        do {
            merged.append(bytes, records.from(), records.to() - records.from());
        } while (records.next(field));
        new ProtobufToJson(merged.take(), out).object(field.message(), 0, merged.size(), level + 1);
    }

    private void value(JsonField field, RecordReader record, int level) throws IOException, OtlpFormatException {
        int from = record.from();
        int length = record.to() - from;
        long value = record.value();
        switch (field.kind()) {
            case MESSAGE -> object(field.message(), from, from + length, level + 1);
            case STRING -> out.writeString(new String(bytes, from, length, StandardCharsets.UTF_8));
            case ID -> out.writeString(HexFormat.of().formatHex(bytes, from, from + length));
            case BYTES -> out.writeBinary(bytes, from, length);
            case BOOL -> out.writeBoolean(value != 0);
            case INT32, ENUM -> out.writeNumber((int) value);
            case SINT32 -> out.writeNumber((int) value >>> 1 ^ -((int) value & 1));
            case UINT32, FIXED32 -> out.writeNumber(Integer.toUnsignedLong((int) value));
            case INT64, SFIXED64 -> out.writeString(Long.toString(value));
            case UINT64, FIXED64 -> out.writeString(Long.toUnsignedString(value));
            case DOUBLE -> real(Double.longBitsToDouble(value));
        }
    }

    private void real(double value) throws IOException {
        if (Double.isFinite(value)) {
            out.writeNumber(value);
        } else {
            out.writeString(Double.toString(value));
        }
    }
}
