package dev.weir.otlp;

import java.nio.charset.StandardCharsets;

/**
 * A cursor over the events of a span of a scanned request. A borrowed window: reusable, for one thread, never stored. It
 * allocates nothing but the strings asked for. Ranges and absent fields are as in {@link ItemView}.
 */
public final class EventView {

    private static final int EVENTS = 11;

    private final FieldCursor event = new FieldCursor();
    private final FieldCursor field = new FieldCursor();
    private byte[] bytes = {};
    private long timeNanos;
    private int nameStart;
    private int nameEnd;

    /** Stands before the first event of the span at which the view stands. */
    public EventView reset(TraceView span) {
        bytes = span.bytes();
        event.reset(bytes, span.spanStart(), span.spanEnd());
        return this;
    }

    /** Moves to the next event; false after the last. */
    public boolean next() {
        while (event.next()) {
            if (event.isContent(EVENTS)) {
                read(event.valueStart(), event.valueEnd());
                return true;
            }
        }
        return false;
    }

    private void read(int from, int to) {
        timeNanos = 0;
        nameStart = nameEnd = from;
        field.reset(bytes, from, to);
        while (field.next()) {
            switch (field.tag()) {
                case 0x09 /* time_unix_nano */ -> timeNanos = Wire.fixed64(bytes, field.valueStart());
                case 0x12 /* name */ -> {
                    nameStart = field.valueStart();
                    nameEnd = field.valueEnd();
                }
                default -> {}
            }
        }
    }

    /** Body of the event, whose attributes {@link AttributeView} reads as {@link AttributeView#OF_EVENT}. */
    public int eventStart() {
        return event.valueStart();
    }

    public int eventEnd() {
        return event.valueEnd();
    }

    /** Nanoseconds since the Unix epoch, unsigned. */
    public long timeNanos() {
        return timeNanos;
    }

    public int nameStart() {
        return nameStart;
    }

    public int nameEnd() {
        return nameEnd;
    }

    /** Allocates. */
    public String name() {
        return new String(bytes, nameStart, nameEnd - nameStart, StandardCharsets.UTF_8);
    }
}
