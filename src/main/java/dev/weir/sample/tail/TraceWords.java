package dev.weir.sample.tail;

import java.nio.ByteBuffer;

/**
 * What the policies ask for of each held trace, behind the fixed part of its record: words of bits that are or-ed over the
 * spans, and counts. How many there are depends on the rules; records keep the layout they were made with. For one thread at
 * a time; each shard has its own.
 */
final class TraceWords {

    /** Bytes of the largest record: bounds what a request may need. */
    static final int MAX_RECORD_BYTES = 1024;

    private static final int FIXED_BYTES = TraceRecords.FIXED_BYTES;

    private final Cells cells;
    private int bitWords;
    private int counts;
    private int generation;

    TraceWords(Cells cells) {
        this.cells = cells;
    }

    /**
     * How many words the records of new traces have, under which rules. Records that are there already keep theirs: their
     * words are those of older rules and no longer of use.
     *
     * @throws IllegalArgumentException when a record would become larger than {@link #MAX_RECORD_BYTES}
     */
    void use(int newGeneration, int newBitWords, int newCounts) {
        cells.resize(size(newBitWords, newCounts) + Integer.BYTES & -Long.BYTES);
        bitWords = newBitWords;
        counts = newCounts;
        generation = newGeneration;
    }

    /**
     * Bytes of a record with so many words.
     *
     * @throws IllegalArgumentException when that is more than {@link #MAX_RECORD_BYTES}
     */
    static int size(int bitWords, int counts) {
        int size = FIXED_BYTES + Long.BYTES * bitWords + Integer.BYTES * counts;
        if (size > MAX_RECORD_BYTES) {
            throw new IllegalArgumentException("the policies ask for " + (size - FIXED_BYTES)
                    + " bytes for each held trace, mostly because they count spans by " + counts
                    + " different conditions; at most " + (MAX_RECORD_BYTES - FIXED_BYTES) + " are possible");
        }
        return size;
    }

    /** Sets all words of a new trace to 0. */
    void clear(int trace) {
        ByteBuffer bytes = cells.bytes(trace);
        int at = cells.offset(trace) + FIXED_BYTES;
        for (int w = 0; w < bitWords; w++) {
            bytes.putLong(at + Long.BYTES * w, 0);
        }
        for (int c = 0; c < counts; c++) {
            bytes.putInt(at + Long.BYTES * bitWords + Integer.BYTES * c, 0);
        }
    }

    /** Ors bits into a word. The trace must be of the present {@link #generation()}. */
    void foldBits(int trace, int word, long bits) {
        if (bits != 0) {
            ByteBuffer bytes = cells.bytes(trace);
            int at = cells.offset(trace) + FIXED_BYTES + Long.BYTES * word;
            bytes.putLong(at, bytes.getLong(at) | bits);
        }
    }

    /** Adds to a count, which stops at the greatest int. The trace must be of the present {@link #generation()}. */
    void foldCount(int trace, int index, int more) {
        if (more != 0) {
            ByteBuffer bytes = cells.bytes(trace);
            int at = countAt(trace, index);
            bytes.putInt(at, (int) Math.min((long) bytes.getInt(at) + more, Integer.MAX_VALUE));
        }
    }

    long bits(int trace, int word) {
        return cells.bytes(trace).getLong(cells.offset(trace) + FIXED_BYTES + Long.BYTES * word);
    }

    int count(int trace, int index) {
        return cells.bytes(trace).getInt(countAt(trace, index));
    }

    /** The present rules' generation. */
    int generation() {
        return generation;
    }

    private int countAt(int trace, int index) {
        return cells.offset(trace) + FIXED_BYTES + Long.BYTES * bitWords + Integer.BYTES * index;
    }
}
