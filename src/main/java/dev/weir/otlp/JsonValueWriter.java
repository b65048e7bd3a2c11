package dev.weir.otlp;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Writes the scalar at which a JSON parser stands as a protobuf record. */
final class JsonValueWriter {

    private static final JsonMessage SPAN = JsonSchema.message("Span");
    private static final int PARENT_SPAN_ID = 4;
    private static final int EMPTY_TRACE_ID = 1 << 3 | 2;

    private final ProtobufBuffer out;
    private final JsonText text = new JsonText();
    private final JsonScalars scalars = new JsonScalars();

    private @Nullable JsonParser parser;
    private byte[] json = new byte[0];
    private int start;
    private int end;
    private boolean malformedParent;

    JsonValueWriter(ProtobufBuffer out) {
        this.out = out;
    }

    void begin(JsonParser from, byte[] input, int offset, int length) {
        parser = from;
        json = input;
        start = offset;
        end = offset + length;
        malformedParent = false;
    }

    void release() {
        parser = null;
        json = new byte[0];
        text.release();
    }

    /** Of the parser's token, in bytes from the input's start. */
    int position() {
        return parser == null ? -1 : (int) parser.currentTokenLocation().getByteOffset();
    }

    /** A length-delimited record of nothing. */
    void empty(int tag) throws OtlpFormatException {
        out.varint(tag);
        out.varint(0);
    }

    /** @param skipDefault whether zero, false and nothing need no record */
    void singular(JsonField field, @Nullable JsonToken token, boolean skipDefault, JsonPath path)
            throws OtlpFormatException {
        switch (field.kind()) {
            case STRING -> {
                read(field, token, path);
                if (!skipDefault || text.to != text.from) {
                    out.varint(field.tag());
                    out.delimited(text.array, text.from, text.to - text.from);
                }
            }
            case ID, BYTES -> bytes(field, token, skipDefault, path);
            default -> {
                long value = number(field, token, path);
                if (!skipDefault || value != 0) {
                    out.varint(field.tag());
                    number(field.kind(), value);
                }
            }
        }
    }

    /** The numbers of the array at whose start the parser stands. */
    void packed(JsonParser from, JsonField field, JsonPath path) throws IOException, OtlpFormatException {
        int before = out.size();
        out.varint(field.tag());
        int first = out.begin(2);
        for (JsonToken token = from.nextToken(); token != JsonToken.END_ARRAY; token = from.nextToken()) {
            path.nextElement();
            number(field.kind(), token == JsonToken.VALUE_NULL ? 0 : number(field, token, path));
        }
        if (out.size() == first) {
            out.truncate(before);
        } else {
            out.end(first, 2);
        }
    }

    /** To be called after a message's fields. */
    void endMessage(JsonMessage message) throws OtlpFormatException {
        if (malformedParent && message == SPAN) {
            malformedParent = false;
            empty(EMPTY_TRACE_ID);
        }
    }

    private void bytes(JsonField field, @Nullable JsonToken token, boolean skipDefault, JsonPath path)
            throws OtlpFormatException {
        read(field, token, path);
        int characters = text.to - text.from;
        if (skipDefault && characters == 0) {
            return;
        }
        out.varint(field.tag());
        // Both encodings become shorter, and what is beyond 127 bytes is moved by end().
        int first = out.begin(1);
        int at = out.room(characters);
        if (field.kind() == JsonField.Kind.BYTES) {
            int decoded = JsonScalars.base64(text.array, text.from, text.to, out.array(), at);
            if (decoded < 0) {
                throw expected(field, path);
            }
            out.advance(decoded);
        } else if (JsonScalars.hex(text.array, text.from, text.to, out.array(), at)) {
            out.advance(characters >> 1);
        } else if (field.number() == PARENT_SPAN_ID && SPAN.find(PARENT_SPAN_ID) == field) {
            malformedParent = true;
        }
        out.end(first, 1);
    }

    /** The value as protobuf's bits: of a double its own, of a sint32 not yet zigzag. */
    private long number(JsonField field, @Nullable JsonToken token, JsonPath path) throws OtlpFormatException {
        if (field.kind() == JsonField.Kind.BOOL) {
            if (token != JsonToken.VALUE_TRUE && token != JsonToken.VALUE_FALSE) {
                throw expected(field, path);
            }
            return token == JsonToken.VALUE_TRUE ? 1 : 0;
        }
        read(field, token, path);
        long value;
        if (field.kind() == JsonField.Kind.DOUBLE) {
            value = Double.doubleToRawLongBits(scalars.real(text.array, text.from, text.to));
        } else {
            value = scalars.integer(field.kind(), text.array, text.from, text.to);
            if (scalars.fault && field.kind() == JsonField.Kind.ENUM) {
                value = field.enumNames().number(text.array, text.from, text.to);
                scalars.fault = value < 0;
            }
        }
        if (scalars.fault) {
            throw expected(field, path);
        }
        return value;
    }

    private void number(JsonField.Kind kind, long value) throws OtlpFormatException {
        switch (kind) {
            case FIXED32 -> out.fixed32((int) value);
            case FIXED64, SFIXED64, DOUBLE -> out.fixed64(value);
            case SINT32 -> out.varint(Integer.toUnsignedLong((int) value << 1 ^ (int) value >> 31));
            default -> out.varint(value);
        }
    }

    /** Finds the token's characters; a field of text takes a string only, one of numbers also a number. */
    private void read(JsonField field, @Nullable JsonToken token, JsonPath path) throws OtlpFormatException {
        boolean isText = field.kind() == JsonField.Kind.STRING
                || field.kind() == JsonField.Kind.ID
                || field.kind() == JsonField.Kind.BYTES;
        if (token == JsonToken.VALUE_STRING) {
            text.string(json, start + position(), end);
        } else if (!isText && (token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT)) {
            text.number(json, start + position(), end);
        } else {
            throw expected(field, path);
        }
    }

    private OtlpFormatException expected(JsonField field, JsonPath path) {
        return path.fault(position(), "expected " + field.kind().expected());
    }
}
