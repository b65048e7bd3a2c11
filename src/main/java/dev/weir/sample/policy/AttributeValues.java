package dev.weir.sample.policy;

import dev.cel.common.values.CelByteString;
import dev.weir.otlp.AttributeView;
import dev.weir.otlp.FieldCursor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Attributes as values of CEL: Long, Double, String, Boolean, bytes, List and Map. One without a value is absent. */
final class AttributeValues {

    private static final int MAX_DEPTH = 16;

    private AttributeValues() {}

    /** The attributes, which are the field of this number, of the message whose body lies there. */
    static Map<String, Object> of(byte[] message, int from, int to, int fieldNumber) {
        return of(message, from, to, fieldNumber, 0);
    }

    private static Map<String, Object> of(byte[] message, int from, int to, int fieldNumber, int depth) {
        Map<String, Object> values = new LinkedHashMap<>();
        FieldCursor field = new FieldCursor().reset(message, from, to);
        while (field.next()) {
            if (field.isContent(fieldNumber)) {
                add(message, field.valueStart(), field.valueEnd(), values, depth);
            }
        }
        return values;
    }

    /** Of several keys or values in one KeyValue the last one counts. */
    private static void add(byte[] bytes, int from, int to, Map<String, Object> into, int depth) {
        String key = "";
        Object value = null;
        FieldCursor field = new FieldCursor().reset(bytes, from, to);
        while (field.next()) {
            if (field.isContent(1)) {
                key = text(bytes, field);
            } else if (field.isContent(2)) {
                value = any(bytes, field.valueStart(), field.valueEnd(), depth);
            }
        }
        if (value != null) {
            into.putIfAbsent(key, value);
        }
    }

    /** Of several fields of the oneof the last one counts. */
    private static @Nullable Object any(byte[] bytes, int from, int to, int depth) {
        Object value = null;
        FieldCursor field = new FieldCursor().reset(bytes, from, to);
        while (field.next()) {
            switch (field.tag()) {
                case 0x0a -> value = text(bytes, field);
                case 0x10 -> value = field.varint() != 0;
                case 0x18 -> value = field.varint();
                case 0x21 -> value = Double.longBitsToDouble(field.fixed64());
                case 0x2a ->
                    value = depth < MAX_DEPTH ? list(bytes, field.valueStart(), field.valueEnd(), depth + 1) : null;
                case 0x32 ->
                    value = depth < MAX_DEPTH
                            ? of(bytes, field.valueStart(), field.valueEnd(), AttributeView.OF_RESOURCE, depth + 1)
                            : null;
                case 0x3a ->
                    value = CelByteString.of(java.util.Arrays.copyOfRange(bytes, field.valueStart(), field.valueEnd()));
                default -> {}
            }
        }
        return value;
    }

    private static List<Object> list(byte[] bytes, int from, int to, int depth) {
        List<Object> values = new ArrayList<>();
        FieldCursor field = new FieldCursor().reset(bytes, from, to);
        while (field.next()) {
            if (field.isContent(1)) {
                Object value = any(bytes, field.valueStart(), field.valueEnd(), depth);
                values.add(value == null ? ConditionFunctions.Absent.ABSENT : value);
            }
        }
        return values;
    }

    static String text(byte[] bytes, FieldCursor field) {
        return new String(bytes, field.valueStart(), field.valueEnd() - field.valueStart(), StandardCharsets.UTF_8);
    }
}
