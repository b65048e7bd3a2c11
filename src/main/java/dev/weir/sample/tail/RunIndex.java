package dev.weir.sample.tail;

import java.nio.ByteBuffer;

/**
 * Where each run lies: spans, or log records, of one trace and one origin that came with one request, one after another in a
 * slab. 16 bytes a run, linked to the trace's run before it. Dropping a trace reads these and nothing else. For one thread at
 * a time; each shard has its own.
 */
final class RunIndex {

    /** No run. */
    static final int NONE = 0;

    static final int ENTRY_BYTES = 4 * Integer.BYTES;

    /** Items of the longest run. */
    static final int MOST_ITEMS = (1 << 14) - 1;

    /** Bits of what {@link #origin} is packed with. */
    static final int KIND_BITS = 1;

    private static final int PREVIOUS = 0;
    private static final int SLAB = 4;
    /** Where the run begins in the slab, and in the lower bits how many items it has. */
    private static final int PLACE = 8;

    private static final int COUNT_BITS = 14;

    /** The origin, and in the lowest bit whether they are log records. */
    private static final int ORIGIN = 12;

    private final Cells cells;

    RunIndex(Slabs chunks) {
        cells = new Cells(chunks, ENTRY_BYTES, ENTRY_BYTES);
    }

    int take(Reservation reservation) {
        return cells.take(reservation);
    }

    /** @param offset in the slab, less than {@link HeldStore#LARGEST_SLAB} */
    void set(int run, int previous, int slab, int offset, int count, int origin, boolean areLogs) {
        ByteBuffer bytes = cells.bytes(run);
        int at = cells.offset(run);
        bytes.putInt(at + PREVIOUS, previous);
        bytes.putInt(at + SLAB, slab);
        bytes.putInt(at + PLACE, offset << COUNT_BITS | count);
        bytes.putInt(at + ORIGIN, origin << KIND_BITS | (areLogs ? 1 : 0));
    }

    void move(int run, int slab, int offset) {
        ByteBuffer bytes = cells.bytes(run);
        int at = cells.offset(run);
        bytes.putInt(at + SLAB, slab);
        bytes.putInt(at + PLACE, offset << COUNT_BITS | count(run));
    }

    void free(int run) {
        cells.bytes(run).putInt(cells.offset(run) + SLAB, 0); // so that isAt() does not find it
        cells.free(run);
    }

    /** Whether the number is that of a held run that begins there; it may be any number. */
    boolean isAt(int run, int slab, int offset) {
        return cells.wasTaken(run) && slab(run) == slab && offset(run) == offset;
    }

    /** The trace's run that came before, or {@link #NONE}. */
    int previous(int run) {
        return get(run, PREVIOUS);
    }

    int slab(int run) {
        return get(run, SLAB);
    }

    int offset(int run) {
        return get(run, PLACE) >>> COUNT_BITS;
    }

    /** Items of the run. */
    int count(int run) {
        return get(run, PLACE) & MOST_ITEMS;
    }

    int origin(int run) {
        return get(run, ORIGIN) >>> KIND_BITS;
    }

    boolean areLogs(int run) {
        return (get(run, ORIGIN) & 1) != 0;
    }

    private int get(int run, int field) {
        return cells.bytes(run).getInt(cells.offset(run) + field);
    }
}
