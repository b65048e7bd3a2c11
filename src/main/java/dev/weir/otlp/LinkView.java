package dev.weir.otlp;

/**
 * A cursor over the links of a span of a scanned request. A borrowed window: reusable, for one thread, never stored. It
 * allocates nothing. Ranges and absent fields are as in {@link ItemView}; an id that is empty, or of the wrong size in an
 * item that is to be rejected, is 0.
 */
public final class LinkView {

    private static final int LINKS = 13;

    private final FieldCursor link = new FieldCursor();
    private final FieldCursor field = new FieldCursor();
    private byte[] bytes = {};
    private long traceIdHigh;
    private long traceIdLow;
    private long spanId;

    /** Stands before the first link of the span at which the view stands. */
    public LinkView reset(TraceView span) {
        bytes = span.bytes();
        link.reset(bytes, span.spanStart(), span.spanEnd());
        return this;
    }

    /** Moves to the next link; false after the last. */
    public boolean next() {
        while (link.next()) {
            if (link.isContent(LINKS)) {
                read(link.valueStart(), link.valueEnd());
                return true;
            }
        }
        return false;
    }

    private void read(int from, int to) {
        traceIdHigh = traceIdLow = spanId = 0;
        field.reset(bytes, from, to);
        while (field.next()) {
            switch (field.tag()) {
                case 0x0a /* trace_id */ -> {
                    traceIdHigh = field.traceIdHigh();
                    traceIdLow = field.traceIdLow();
                }
                case 0x12 /* span_id */ -> spanId = field.spanId();
                default -> {}
            }
        }
    }

    /** Body of the link, whose attributes {@link AttributeView} reads as {@link AttributeView#OF_LINK}. */
    public int linkStart() {
        return link.valueStart();
    }

    public int linkEnd() {
        return link.valueEnd();
    }

    /** First eight bytes of the linked span's trace id, big endian. */
    public long traceIdHigh() {
        return traceIdHigh;
    }

    /** Last eight bytes of the linked span's trace id, big endian. */
    public long traceIdLow() {
        return traceIdLow;
    }

    /** The linked span's, big endian. */
    public long spanId() {
        return spanId;
    }
}
