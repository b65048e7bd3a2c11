package dev.weir.otlp;

import java.nio.charset.StandardCharsets;

/** A cursor over the spans of a scanned trace request. */
public final class TraceView extends ItemView {

    private static final int STATUS_CODE_TAG = 3 << 3 | Wire.VARINT;

    private final FieldCursor statusField = new FieldCursor();
    private int spanStart;
    private int spanEnd;
    private long traceIdHigh;
    private long traceIdLow;
    private long spanId;
    private long parentSpanId;
    private int kind;
    private int flags;
    private long startNanos;
    private long endNanos;
    private int statusCode;
    private int nameStart;
    private int nameEnd;
    private int traceStateStart;
    private int traceStateEnd;
    private int attributesCount;

    /** Stands before the first span of the request, which a {@link RequestScanner} found valid. */
    public TraceView reset(byte[] validRequest) {
        cursor.reset(validRequest);
        return this;
    }

    /** Moves to the next span; false after the last. */
    public boolean next() {
        if (!cursor.next()) {
            return false;
        }
        read(cursor.bytes, cursor.item.valueStart(), cursor.item.valueEnd());
        return true;
    }

    /** Stands on a span by itself, whose body was in a valid request; it has no resource and no scope. */
    public TraceView resetToSpan(byte[] body, int from, int to) {
        cursor.reset(body, 0);
        read(body, from, to);
        return this;
    }

    private void read(byte[] bytes, int from, int to) {
        spanStart = from;
        spanEnd = to;
        traceIdHigh = traceIdLow = spanId = parentSpanId = 0;
        kind = flags = statusCode = attributesCount = 0;
        startNanos = endNanos = 0;
        nameStart = nameEnd = traceStateStart = traceStateEnd = from;
        field.reset(bytes, from, to);
        while (field.next()) {
            switch (field.tag()) {
                case 0x4a /* attributes */ -> attributesCount++;
                case 0x0a /* trace_id */ -> {
                    traceIdHigh = field.traceIdHigh();
                    traceIdLow = field.traceIdLow();
                }
                case 0x12 /* span_id */ -> spanId = field.spanId();
                case 0x22 /* parent_span_id */ -> parentSpanId = field.spanId();
                case 0x1a /* trace_state */ -> {
                    traceStateStart = field.valueStart();
                    traceStateEnd = field.valueEnd();
                }
                case 0x2a /* name */ -> {
                    nameStart = field.valueStart();
                    nameEnd = field.valueEnd();
                }
                case 0x30 /* kind */ -> kind = (int) field.varint();
                case 0x39 /* start_time_unix_nano */ -> startNanos = Wire.fixed64(bytes, field.valueStart());
                case 0x41 /* end_time_unix_nano */ -> endNanos = Wire.fixed64(bytes, field.valueStart());
                case 0x7a /* status */ -> statusCode = statusCode(bytes, field.valueStart(), field.valueEnd());
                case 0x85 /* flags */ -> flags = Wire.fixed32(bytes, field.valueStart());
                default -> {}
            }
        }
    }

    private int statusCode(byte[] bytes, int from, int to) {
        int code = 0;
        statusField.reset(bytes, from, to);
        while (statusField.next()) {
            if (statusField.tag() == STATUS_CODE_TAG) {
                code = (int) statusField.varint();
            }
        }
        return code;
    }

    /** Body of the ResourceSpans that the span is in. */
    public int resourceSpansStart() {
        return cursor.resourceGroupStart;
    }

    public int resourceSpansEnd() {
        return cursor.resourceGroupEnd;
    }

    /** Body of the ScopeSpans that the span is in. */
    public int scopeSpansStart() {
        return cursor.scopeGroupStart;
    }

    public int scopeSpansEnd() {
        return cursor.scopeGroupEnd;
    }

    public int resourceSchemaUrlStart() {
        return cursor.resourceSchemaUrlStart;
    }

    public int resourceSchemaUrlEnd() {
        return cursor.resourceSchemaUrlEnd;
    }

    /** Body of the span's InstrumentationScope. */
    public int scopeStart() {
        return cursor.scopeStart;
    }

    public int scopeEnd() {
        return cursor.scopeEnd;
    }

    public int scopeSchemaUrlStart() {
        return cursor.scopeSchemaUrlStart;
    }

    public int scopeSchemaUrlEnd() {
        return cursor.scopeSchemaUrlEnd;
    }

    /** Body of the span, whose events and links {@link EventView} and {@link LinkView} read. */
    public int spanStart() {
        return spanStart;
    }

    public int spanEnd() {
        return spanEnd;
    }

    /** First eight bytes of the trace id, big endian. */
    public long traceIdHigh() {
        return traceIdHigh;
    }

    /** Last eight bytes of the trace id, big endian. */
    public long traceIdLow() {
        return traceIdLow;
    }

    /** Big endian. */
    public long spanId() {
        return spanId;
    }

    /** Big endian; 0 for a root span, and for an id of the wrong size. */
    public long parentSpanId() {
        return parentSpanId;
    }

    /** SpanKind: 0 unspecified, 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
    public int kind() {
        return kind;
    }

    public int flags() {
        return flags;
    }

    /** Nanoseconds since the Unix epoch, unsigned. */
    public long startNanos() {
        return startNanos;
    }

    /** Nanoseconds since the Unix epoch, unsigned. */
    public long endNanos() {
        return endNanos;
    }

    /** StatusCode: 0 unset, 1 ok, 2 error. */
    public int statusCode() {
        return statusCode;
    }

    public int nameStart() {
        return nameStart;
    }

    public int nameEnd() {
        return nameEnd;
    }

    /** Allocates. */
    public String name() {
        return new String(cursor.bytes, nameStart, nameEnd - nameStart, StandardCharsets.UTF_8);
    }

    public int traceStateStart() {
        return traceStateStart;
    }

    public int traceStateEnd() {
        return traceStateEnd;
    }

    public int attributesCount() {
        return attributesCount;
    }
}
