package dev.weir.otlp;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One field of {@link JsonSchema}. */
final class JsonField {

    /** How a value is written in protobuf and, by {@link #expected}, in JSON. */
    enum Kind {
        STRING(2, "a string"),
        BYTES(2, "a base64 string"),
        /** A trace or span id: hex in JSON, bytes in protobuf. */
        ID(2, "a hex string"),
        BOOL(0, "true or false"),
        INT32(0, "a 32-bit integer"),
        SINT32(0, "a 32-bit integer"),
        UINT32(0, "an unsigned 32-bit integer"),
        ENUM(0, "an enum's number"),
        INT64(0, "a 64-bit integer"),
        UINT64(0, "an unsigned 64-bit integer"),
        FIXED32(5, "an unsigned 32-bit integer"),
        FIXED64(1, "an unsigned 64-bit integer"),
        SFIXED64(1, "a 64-bit integer"),
        DOUBLE(1, "a number"),
        MESSAGE(2, "an object");

        private final int wireType;
        private final String expected;

        Kind(int wireType, String expected) {
            this.wireType = wireType;
            this.expected = expected;
        }

        static Kind named(String name) {
            return valueOf(name.toUpperCase(Locale.ROOT));
        }

        int wireType() {
            return wireType;
        }

        /** What JSON should hold, for error messages. */
        String expected() {
            return expected;
        }
    }

    private final int ordinal;
    private final int number;
    private final String name;
    private final Kind kind;
    private final char mark;
    private final @Nullable JsonMessage message;
    private final @Nullable JsonEnum enumNames;

    /** @param mark as in the table of {@link JsonSchema} */
    JsonField(
            int ordinal,
            int number,
            String name,
            Kind kind,
            char mark,
            @Nullable JsonMessage message,
            @Nullable JsonEnum enumNames) {
        this.ordinal = ordinal;
        this.number = number;
        this.name = name;
        this.kind = kind;
        this.mark = mark;
        this.message = message;
        this.enumNames = enumNames;
    }

    /** Its place in its message, under 64. */
    int ordinal() {
        return ordinal;
    }

    int number() {
        return number;
    }

    String name() {
        return name;
    }

    String snakeName() {
        return name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }

    Kind kind() {
        return kind;
    }

    boolean isRepeated() {
        return mark == '*';
    }

    /** Numbers of a repeated field stand in one record, one after another. */
    boolean isPacked() {
        return isRepeated() && kind.wireType != 2;
    }

    boolean isInOneof() {
        return mark == '|';
    }

    /** Whether a default value differs from none, and so must be written. */
    boolean hasPresence() {
        return mark == '?' || mark == '|' || kind == Kind.MESSAGE && mark != '*';
    }

    /** Of a field of kind {@link Kind#MESSAGE}. */
    JsonMessage message() {
        if (message == null) {
            throw new IllegalStateException(name + " holds no message");
        }
        return message;
    }

    /** Of a field of kind {@link Kind#ENUM}. */
    JsonEnum enumNames() {
        if (enumNames == null) {
            throw new IllegalStateException(name + " is no enum");
        }
        return enumNames;
    }

    /** The record's tag as protobuf writes it: number and wire type. */
    int tag() {
        return number << 3 | (isRepeated() ? 2 : kind.wireType);
    }
}
