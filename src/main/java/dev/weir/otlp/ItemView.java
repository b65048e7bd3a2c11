package dev.weir.otlp;

/**
 * What the views over a scanned request's items share: the request, and where the item's Resource lies in it. Each is a
 * cursor and a borrowed window: reusable, for one thread, never stored. It allocates nothing but the strings asked for.
 *
 * <p>Ranges are offsets into {@link #bytes}: start inclusive, end exclusive, without tag and length; an absent field is
 * an empty range, 0 or false. Of a repeated singular field, messages included, the last one counts.
 */
public abstract sealed class ItemView permits LogView, MetricView, TraceView {

    final ItemCursor cursor = new ItemCursor();
    final FieldCursor field = new FieldCursor();

    ItemView() {}

    /** The request. */
    public final byte[] bytes() {
        return cursor.bytes;
    }

    /** Body of the item's Resource. */
    public final int resourceStart() {
        return cursor.resourceStart;
    }

    public final int resourceEnd() {
        return cursor.resourceEnd;
    }
}
