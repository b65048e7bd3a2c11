package dev.weir.otlp;

/** Where the fields of a message are that are no attributes, by number; of several the last. For one thread; allocates nothing. */
final class OtherFields {

    /** Fields of these numbers have a tag of one byte. */
    private static final int MOST = 16;

    private final int[] starts = new int[MOST];
    private final int[] ends = new int[MOST];
    /** The read in which it was there. */
    private final int[] reads = new int[MOST];

    private int read;

    /** Begins with a message. */
    void clear() {
        read++;
    }

    void note(FieldCursor field) {
        int number = field.tag() >>> 3;
        if (number < MOST) {
            reads[number] = read;
            starts[number] = field.valueStart();
            ends[number] = field.valueEnd();
        }
    }

    boolean has(int number) {
        return reads[number] == read;
    }

    int start(int number) {
        return starts[number];
    }

    int end(int number) {
        return ends[number];
    }
}
