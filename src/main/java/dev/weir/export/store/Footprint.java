package dev.weir.export.store;

/** What the store's objects take in the heap, in bytes, rounded up; charged with the telemetry they hold. */
final class Footprint {

    /** Header of an array and its padding. */
    static final int ARRAY = 24;
    /** A trace in {@link StoredTraces}, and its entry in {@link TraceTable}, at most half and at least a quarter full. */
    static final int TRACE = 4 * Long.BYTES + 2 * Integer.BYTES + 1 + 4 * Integer.BYTES;
    /** A {@link Head}, its key, its entries in the segment's table and list, its three arrays' headers. */
    static final int HEAD = 64 + 32 + 48 + 8 + 3 * ARRAY;
    /** A {@link Segment} with its empty collections. */
    static final int SEGMENT = 512;

    private Footprint() {}
}
