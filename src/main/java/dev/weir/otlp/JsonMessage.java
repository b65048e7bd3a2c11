package dev.weir.otlp;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One message of {@link JsonSchema}: its fields, found by either of their JSON names or by number. */
final class JsonMessage {

    private final String name;
    private final int lengthBytes;
    private List<JsonField> fields = List.of();
    /** Open addressing over {@link String#hashCode}, which the parser's shared names have computed already. */
    private @Nullable String[] names = new @Nullable String[0];

    private @Nullable JsonField[] byName = new @Nullable JsonField[0];
    private @Nullable JsonField[] byNumber = new @Nullable JsonField[0];

    JsonMessage(String name) {
        this.name = name;
        lengthBytes = lengthBytes(name);
    }

    void define(List<JsonField> all) {
        fields = List.copyOf(all);
        names = new @Nullable String[Integer.highestOneBit(all.size()) << 3];
        byName = new @Nullable JsonField[names.length];
        int highest = all.stream().mapToInt(JsonField::number).max().orElse(0);
        byNumber = new @Nullable JsonField[highest + 1];
        for (JsonField field : all) {
            byNumber[field.number()] = field;
            put(field.name(), field);
            put(field.snakeName(), field);
        }
    }

    String name() {
        return name;
    }

    /** Of most of its kind, and so how much is left free for the length before the content. */
    int expectedLengthBytes() {
        return lengthBytes;
    }

    private static int lengthBytes(String name) {
        return switch (name) {
            case "ResourceSpans", "ScopeSpans", "ResourceMetrics", "ScopeMetrics", "ResourceLogs", "ScopeLogs" -> 3;
            case "Span", "LogRecord", "Metric", "Sum", "Gauge", "Histogram" -> 2;
            default -> 1;
        };
    }

    List<JsonField> fields() {
        return fields;
    }

    /** By lowerCamelCase or snake_case name; null when unknown. */
    @Nullable
    JsonField find(String fieldName) {
        int mask = names.length - 1;
        for (int i = slot(fieldName, mask); ; i = (i + 1) & mask) {
            String candidate = names[i];
            if (candidate == null) {
                return null;
            }
            if (candidate.equals(fieldName)) {
                return byName[i];
            }
        }
    }

    /** By protobuf field number, of any value; null when unknown. */
    @Nullable
    JsonField find(int number) {
        return number > 0 && number < byNumber.length ? byNumber[number] : null;
    }

    private void put(String fieldName, JsonField field) {
        int mask = names.length - 1;
        int i = slot(fieldName, mask);
        while (names[i] != null && !fieldName.equals(names[i])) {
            i = (i + 1) & mask;
        }
        names[i] = fieldName;
        byName[i] = field;
    }

    private static int slot(String fieldName, int mask) {
        int hash = fieldName.hashCode();
        return (hash ^ hash >>> 15) & mask;
    }
}
