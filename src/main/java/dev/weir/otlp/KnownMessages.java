package dev.weir.otlp;

import java.util.Arrays;
import java.util.List;

/**
 * What a scanner must know of OTLP's fields: the wire types that each may have, and which are messages themselves or
 * packed numbers, so that it looks into them. Made from {@link JsonSchema}.
 */
final class KnownMessages {

    /** Content that is not looked into. */
    static final int OPAQUE = 0;

    static final int PACKED_FIXED64 = -1;
    static final int PACKED_VARINT = -2;

    /** The entry of a field that is not known: any wire type that OTLP uses, opaque. */
    static final int UNKNOWN = 1 << Wire.VARINT | 1 << Wire.FIXED64 | 1 << Wire.LENGTH | 1 << Wire.FIXED32;

    private static final List<JsonMessage> MESSAGES = JsonSchema.messages();

    /** Each signal's messages down to the items have the same fields, so those of one do for all. */
    static final int REQUEST = number("ExportTraceServiceRequest");

    static final int RESOURCE_ITEMS = number("ResourceSpans");
    static final int SCOPE_ITEMS = number("ScopeSpans");
    static final int RESOURCE = number("Resource");
    static final int SCOPE = number("InstrumentationScope");
    static final int SPAN = number("Span");
    static final int LINK = number("Link");
    static final int LOG_RECORD = number("LogRecord");
    static final int METRIC = number("Metric");
    static final int EXEMPLAR = number("Exemplar");
    static final int KEY_VALUE = number("KeyValue");

    /** [message][field number] → the content in the high byte, and a bit for each allowed wire type in the low one. */
    private static final short[][] FIELDS = new short[1 + MESSAGES.size()][];

    static {
        for (JsonMessage message : MESSAGES) {
            FIELDS[number(message.name())] = row(message);
        }
    }

    private KnownMessages() {}

    /** Entries by field number; what is past the end is {@link #UNKNOWN}. */
    static short[] fieldsOf(int message) {
        return FIELDS[message];
    }

    static boolean allows(int entry, int wireType) {
        return (entry >>> wireType & 1) != 0;
    }

    /** A message's number, over 0, or one of the other constants. */
    static int content(int entry) {
        return entry >> Byte.SIZE;
    }

    private static short[] row(JsonMessage message) {
        int highest =
                message.fields().stream().mapToInt(JsonField::number).max().orElse(0);
        short[] row = new short[highest + 1];
        Arrays.fill(row, 1, row.length, (short) UNKNOWN);
        for (JsonField field : message.fields()) {
            int wireTypes = 1 << field.kind().wireType() | (field.isPacked() ? 1 << Wire.LENGTH : 0);
            row[field.number()] = (short) (contentOf(field) << Byte.SIZE | wireTypes);
        }
        return row;
    }

    private static int contentOf(JsonField field) {
        if (field.kind() == JsonField.Kind.MESSAGE) {
            return number(field.message().name());
        }
        if (!field.isPacked()) {
            return OPAQUE;
        }
        return field.kind().wireType() == Wire.FIXED64 ? PACKED_FIXED64 : PACKED_VARINT;
    }

    private static int number(String message) {
        return 1 + MESSAGES.indexOf(JsonSchema.message(message));
    }
}
