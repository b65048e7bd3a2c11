package dev.weir.otlp;

/** Estimates what a merger's objects for one request take, beyond the request and what every request takes. */
final class MergeCost {

    private static final long GROUP_BYTES = 256;
    private static final long PIECE_BYTES = 32;

    /** A resource and a scope: what nearly every request has, and what merging is for. */
    private static final int FREE_GROUPS = 2;

    /** A group's own fields before and after what it contains, and its items in one run. */
    private static final int FREE_PIECES = 3;

    private int groups;
    private int pieces;

    private MergeCost() {}

    /** Bytes; takes no account of groups that are the same. */
    static long of(byte[] validRequest) {
        MergeCost cost = new MergeCost();
        cost.count(validRequest, 0, validRequest.length, RequestFields.RESOURCES, 0);
        return Math.max(0, cost.groups - FREE_GROUPS) * GROUP_BYTES
                + Math.max(0L, cost.pieces - (long) FREE_PIECES * (cost.groups + 1)) * PIECE_BYTES;
    }

    /** @param children the field that holds the next level; every run of it, and of other fields, is a piece */
    private void count(byte[] bytes, int from, int to, int children, int depth) {
        FieldCursor field = new FieldCursor().reset(bytes, from, to);
        int last = -1;
        while (field.next()) {
            int isChild = field.isContent(children) ? 1 : 0;
            if (isChild != last) {
                pieces++;
                last = isChild;
            }
            if (isChild == 1 && depth < 2) {
                groups++;
                count(
                        bytes,
                        field.valueStart(),
                        field.valueEnd(),
                        depth == 0 ? RequestFields.SCOPES : RequestFields.ITEMS,
                        depth + 1);
            }
        }
    }
}
