package dev.weir.sample.policy;

import dev.weir.otlp.AttributeView;
import dev.weir.otlp.FieldCursor;
import java.time.Duration;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A span as a value of CEL. Its fields are read when they are asked for. */
final class SpanValues extends AbstractMap<String, Object> {

    /** The root span of a trace whose root did not come: every comparison with it is false. */
    static final Map<String, Object> ABSENT_ROOT = Map.of(
            "name", ConditionFunctions.Absent.ABSENT,
            "kind", ConditionFunctions.Absent.ABSENT,
            "status", ConditionFunctions.Absent.ABSENT,
            "duration", ConditionFunctions.Absent.ABSENT,
            "attributes", Map.of(),
            "resource", Map.of(),
            "events", List.of(),
            "is_root", ConditionFunctions.Absent.ABSENT);

    private static final Set<String> FIELDS = ABSENT_ROOT.keySet();

    private final byte[] span;
    private final byte[] resource;
    private final Map<String, Object> read = new HashMap<>();

    /** @param span the body of the Span, its own copy */
    SpanValues(byte[] span, byte[] resource) {
        this.span = span;
        this.resource = resource;
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return FIELDS.contains(key);
    }

    @Override
    public @Nullable Object get(@Nullable Object key) {
        if (!(key instanceof String field) || !FIELDS.contains(field)) {
            return null;
        }
        return read.computeIfAbsent(field, this::value);
    }

    private Object value(String field) {
        return switch (field) {
            case "attributes" -> AttributeValues.of(span, 0, span.length, AttributeView.OF_SPAN);
            case "resource" -> AttributeValues.of(resource, 0, resource.length, AttributeView.OF_RESOURCE);
            case "events" -> events();
            case "name" -> name();
            case "kind" -> ConditionLanguage.KINDS.get(known(number(0x30), ConditionLanguage.KINDS.size()));
            case "status" -> status();
            case "duration" -> duration();
            default -> isRoot();
        };
    }

    private static int known(long number, int count) {
        return number < 0 || number >= count ? 0 : (int) number;
    }

    private FieldCursor fields() {
        return new FieldCursor().reset(span, 0, span.length);
    }

    private String name() {
        String name = "";
        FieldCursor field = fields();
        while (field.next()) {
            if (field.isContent(5)) {
                name = AttributeValues.text(span, field);
            }
        }
        return name;
    }

    /** The last varint with this tag, as an int; 0 without. */
    private int number(int tag) {
        int number = 0;
        FieldCursor field = fields();
        while (field.next()) {
            if (field.tag() == tag) {
                number = (int) field.varint();
            }
        }
        return number;
    }

    private String status() {
        int code = 0;
        FieldCursor field = fields();
        while (field.next()) {
            if (field.isContent(15)) {
                code = 0;
                FieldCursor inner = new FieldCursor().reset(span, field.valueStart(), field.valueEnd());
                while (inner.next()) {
                    code = inner.tag() == 0x18 ? (int) inner.varint() : code;
                }
            }
        }
        return ConditionLanguage.STATUSES.get(known(code, ConditionLanguage.STATUSES.size()));
    }

    private Duration duration() {
        long start = 0;
        long end = 0;
        FieldCursor field = fields();
        while (field.next()) {
            start = field.tag() == 0x39 ? field.fixed64() : start;
            end = field.tag() == 0x41 ? field.fixed64() : end;
        }
        return between(start, end);
    }

    /** Of unsigned times; none when the end is before the start, and 292 years at most. */
    static Duration between(long start, long end) {
        if (Long.compareUnsigned(end, start) < 0) {
            return Duration.ZERO;
        }
        long nanos = end - start;
        return Duration.ofNanos(nanos < 0 ? Long.MAX_VALUE : nanos);
    }

    boolean isRoot() {
        SpanIds ids = new SpanIds();
        ids.read(span, 0, span.length);
        return ids.parent == 0;
    }

    private List<Object> events() {
        List<Object> events = new ArrayList<>();
        FieldCursor field = fields();
        while (field.next()) {
            if (field.isContent(11)) {
                String name = "";
                FieldCursor inner = new FieldCursor().reset(span, field.valueStart(), field.valueEnd());
                while (inner.next()) {
                    name = inner.isContent(2) ? AttributeValues.text(span, inner) : name;
                }
                events.add(Map.of(
                        "name",
                        name,
                        "attributes",
                        AttributeValues.of(span, field.valueStart(), field.valueEnd(), AttributeView.OF_EVENT)));
            }
        }
        return events;
    }

    @Override
    public Set<Entry<String, Object>> entrySet() {
        Map<String, Object> all = new HashMap<>();
        FIELDS.forEach(field -> all.put(field, read.computeIfAbsent(field, this::value)));
        return all.entrySet();
    }
}
