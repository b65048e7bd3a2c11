package dev.weir.sample.tail;

import java.nio.ByteBuffer;

/**
 * Where each held span lies: 16 bytes a span, linked to the trace's span before it. Dropping a trace reads these and
 * nothing else. For one thread at a time; each shard has its own.
 */
final class SpanIndex {

    /** No span. */
    static final int NONE = 0;

    /** Bits of flags beside the origin. */
    static final int FLAG_BITS = 4;

    static final int ENTRY_BYTES = 4 * Integer.BYTES;

    private static final int PREVIOUS = 0;
    private static final int SLAB = 4;
    private static final int OFFSET = 8;
    private static final int ORIGIN = 12;

    private final Cells cells;

    SpanIndex(Slabs chunks) {
        cells = new Cells(chunks, ENTRY_BYTES, ENTRY_BYTES);
    }

    int take(Reservation reservation) {
        return cells.take(reservation);
    }

    /** @param originAndFlags {@code origin << FLAG_BITS | flags} */
    void set(int span, int previous, int slab, int offset, int originAndFlags) {
        ByteBuffer bytes = cells.bytes(span);
        int at = cells.offset(span);
        bytes.putInt(at + PREVIOUS, previous);
        bytes.putInt(at + SLAB, slab);
        bytes.putInt(at + OFFSET, offset);
        bytes.putInt(at + ORIGIN, originAndFlags);
    }

    void move(int span, int slab, int offset) {
        ByteBuffer bytes = cells.bytes(span);
        int at = cells.offset(span);
        bytes.putInt(at + SLAB, slab);
        bytes.putInt(at + OFFSET, offset);
    }

    void free(int span) {
        cells.bytes(span).putInt(cells.offset(span) + SLAB, 0); // so that isAt() does not find it
        cells.free(span);
    }

    /** Whether the number is that of a held span that lies there; it may be any number. */
    boolean isAt(int span, int slab, int offset) {
        return cells.wasTaken(span) && slab(span) == slab && offset(span) == offset;
    }

    /** The trace's span that came before, or {@link #NONE}. */
    int previous(int span) {
        return cells.bytes(span).getInt(cells.offset(span) + PREVIOUS);
    }

    int slab(int span) {
        return cells.bytes(span).getInt(cells.offset(span) + SLAB);
    }

    int offset(int span) {
        return cells.bytes(span).getInt(cells.offset(span) + OFFSET);
    }

    int originAndFlags(int span) {
        return cells.bytes(span).getInt(cells.offset(span) + ORIGIN);
    }

    /** Held spans. */
    int size() {
        return cells.live();
    }
}
