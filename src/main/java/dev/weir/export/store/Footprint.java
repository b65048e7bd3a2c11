package dev.weir.export.store;

/** What the store's objects take in the heap, in bytes, rounded up; charged with the telemetry they hold. */
final class Footprint {

    /** Header of an array and its padding. */
    static final int ARRAY = 24;
    /** A {@link Fragment} with its array's header and its place in the trace's list. */
    static final int FRAGMENT = 24 + ARRAY + 8;
    /** A {@link StoredTrace}, its extent, id, entry in the table of ids, first list of fragments, place in the segment. */
    static final int TRACE = 56 + 32 + 32 + 48 + ARRAY + 16 + 8;
    /** A {@link Head}, its key, its entry in the segment's table, its three arrays' headers. */
    static final int HEAD = 64 + 32 + 48 + 3 * ARRAY;
    /** A {@link Segment} with its empty collections. */
    static final int SEGMENT = 512;

    private Footprint() {}
}
