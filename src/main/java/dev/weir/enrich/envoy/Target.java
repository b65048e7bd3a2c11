package dev.weir.enrich.envoy;

import dev.weir.otlp.AttributeKeys;
import dev.weir.otlp.AttributeSlots;
import dev.weir.otlp.AttributeWriter;
import dev.weir.otlp.FieldCursor;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Where conversions write the attributes of a span. What the span has under a key already stays, and of what is written twice
 * the first counts. For one thread; allocates nothing.
 */
final class Target {

    /** Fields of a span. */
    private static final int KIND = 6;

    private static final int STATUS = 15;
    private static final int STATUS_CODE_TAG = 3 << 3;

    private static final int SERVER = 2;
    private static final int CLIENT = 3;
    private static final int UNSET = 0;
    private static final int ERROR = 2;

    /** The attributes of a row, as conversions number them. */
    static final class Attributes {
        private final int[] keys;
        private final byte[][] names;
        private final boolean[] ours;

        Attributes(List<String> attributes, AttributeKeys table) {
            keys = attributes.stream().mapToInt(table::of).toArray();
            names = attributes.stream()
                    .map(name -> name.getBytes(StandardCharsets.UTF_8))
                    .toArray(byte[][]::new);
            ours = new boolean[keys.length];
            for (int i = 0; i < keys.length; i++) {
                ours[i] = attributes.get(i).startsWith("mesh.");
            }
        }
    }

    /** Bounds of the parts of a text, for conversions. */
    final int[] parts = new int[2 * ResponseFlags.MOST];

    private final int upstreamAddress;
    /** The span in which a key was written last. */
    private final int[] written;

    private final FieldCursor field = new FieldCursor();
    private Attributes row = new Attributes(List.of(), new AttributeKeys(List.of()));
    private boolean meshStripped;
    private int span;
    private int kind;
    private boolean failed;
    private boolean refused;
    private AttributeSlots slots;
    private AttributeWriter out = new AttributeWriter();

    Target(AttributeKeys table, AttributeSlots none) {
        written = new int[table.size()];
        upstreamAddress = table.of(EnvoyTags.UPSTREAM_ADDRESS);
        slots = none;
    }

    void meshStripped(boolean stripped) {
        meshStripped = stripped;
    }

    void begin(AttributeSlots tags, AttributeWriter writer) {
        span++;
        kind = (int) tags.other(KIND);
        failed = false;
        slots = tags;
        out = writer;
    }

    void begin(Attributes attributes) {
        row = attributes;
        refused = false;
    }

    int kind() {
        return kind;
    }

    boolean isServer() {
        return kind == SERVER;
    }

    boolean isClient() {
        return kind == CLIENT;
    }

    boolean isUpstream() {
        return slots.has(upstreamAddress);
    }

    void text(int attribute, byte[] value) {
        text(attribute, value, 0, value.length);
    }

    void text(int attribute, byte[] bytes, int from, int to) {
        if (isFree(attribute)) {
            out.string(row.names[attribute], bytes, from, to);
        }
    }

    void integer(int attribute, long value) {
        if (isFree(attribute)) {
            out.integer(row.names[attribute], value);
        }
    }

    void truth(int attribute) {
        if (isFree(attribute)) {
            out.bool(row.names[attribute], true);
        }
    }

    /** @param count of {@link #parts}, two bounds each */
    void texts(int attribute, byte[] bytes, int count) {
        if (isFree(attribute)) {
            out.strings(row.names[attribute], bytes, parts, count);
        }
    }

    /** The request had no answer. */
    void fail() {
        failed = true;
    }

    boolean hasFailed() {
        return failed;
    }

    /** Whether the span had an attribute already that the row would have written. */
    boolean isRefused() {
        return refused;
    }

    void end(byte[] request) {
        if (failed && statusCode(request) == UNSET) {
            out.status(ERROR);
        }
    }

    private int statusCode(byte[] request) {
        int code = UNSET;
        if (slots.hasOther(STATUS)) {
            field.reset(request, slots.otherStart(STATUS), slots.otherEnd(STATUS));
            while (field.next()) {
                code = field.tag() == STATUS_CODE_TAG ? (int) field.varint() : code;
            }
        }
        return code;
    }

    /** Whether the span has none of the attributes that the row may write. */
    boolean isAllFree() {
        for (int i = 0; i < row.keys.length; i++) {
            if (isThere(i)) {
                return false;
            }
        }
        return true;
    }

    private boolean isThere(int attribute) {
        return slots.has(row.keys[attribute]) && !(meshStripped && row.ours[attribute]);
    }

    private boolean isFree(int attribute) {
        int key = row.keys[attribute];
        if (isThere(attribute)) {
            refused = true;
            return false;
        }
        boolean first = written[key] != span;
        written[key] = span;
        return first;
    }
}
