package dev.weir.enrich.envoy;

import dev.weir.otlp.AttributeSlots;
import dev.weir.otlp.AttributeWriter;

/** What the tags of a span became, row by row: in the next one of its kind most of them say the same. For one thread. */
final class LastTranslation {

    /** Longer fields are not remembered. */
    private static final int MOST_BYTES = 4096;

    /** By row: where in the fields what it wrote ends. */
    private final int[] ends;
    /** By row: whether its tag is taken out. */
    private final boolean[] cuts;

    private byte[] fields = new byte[1024];
    private int read;
    private int kind;
    private boolean failed;

    /** Where in what is written this begins, and how much of it is written. */
    private int base;

    private int written;
    /** Between which bounds fields of the last span are to be written. */
    private int keptFrom;

    private int keptTo;

    LastTranslation(int rows) {
        ends = new int[rows];
        cuts = new boolean[rows];
    }

    void forget() {
        read = 0;
    }

    /** Begins with a span; whether it is like the last one, so that it becomes the same where its tags are the same. */
    boolean begin(AttributeSlots tags, int ofKind, AttributeWriter out) {
        boolean isLike = read != 0 && tags.like() == read && ofKind == kind;
        kind = ofKind;
        base = out.length();
        written = 0;
        keptFrom = keptTo = 0;
        read = tags.read();
        return isLike;
    }

    boolean failed() {
        return failed;
    }

    /** The row is as it was; returns whether its tag was taken out. */
    boolean keep(int row) {
        keptTo = ends[row];
        ends[row] = written + keptTo - keptFrom;
        return cuts[row];
    }

    /** Writes the rows before, which are as they were. */
    void flush(AttributeWriter out) {
        if (keptTo > keptFrom) {
            out.fields(fields, keptFrom, keptTo);
        }
    }

    /** Notes a row, which was written. */
    void note(int row, boolean isCut, AttributeWriter out) {
        keptFrom = keptTo = ends[row];
        written = out.length() - base;
        ends[row] = written;
        cuts[row] = isCut;
    }

    void end(AttributeWriter out, boolean hasFailed) {
        flush(out);
        failed = hasFailed;
        int length = out.length() - base;
        if (length > MOST_BYTES) {
            read = 0;
            return;
        }
        if (length > fields.length) {
            fields = new byte[MOST_BYTES];
        }
        System.arraycopy(out.bytes(), base, fields, 0, length);
    }
}
