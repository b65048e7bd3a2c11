package dev.weir.otlp;

/** Looks for ids that are neither absent, nor empty, nor of their own size, in messages that are known to be well-formed. */
final class IdSizes {

    static final int TRACE_ID_BYTES = 16;
    static final int SPAN_ID_BYTES = 8;

    /** [field number] → the size of the id; 0 for all other fields. */
    static final byte[] OF_SPAN = {0, TRACE_ID_BYTES, SPAN_ID_BYTES, 0, SPAN_ID_BYTES};

    static final byte[] OF_LINK = {0, TRACE_ID_BYTES, SPAN_ID_BYTES};
    static final byte[] OF_LOG_RECORD = {0, 0, 0, 0, 0, 0, 0, 0, 0, TRACE_ID_BYTES, SPAN_ID_BYTES};
    static final byte[] OF_EXEMPLAR = {0, 0, 0, 0, SPAN_ID_BYTES, TRACE_ID_BYTES};

    private IdSizes() {}

    /** Whether any occurrence of an id has a wrong size: a Collector refuses each, not only the last. */
    static boolean isAnyWrong(byte[] b, int from, int to, byte[] sizes) {
        int p = from;
        while (p < to) {
            int tag = b[p++];
            if (tag < 0) {
                tag = (int) Wire.varint(b, p - 1);
                p = afterVarint(b, p - 1);
            }
            switch (tag & 7) {
                case Wire.VARINT -> p = afterVarint(b, p);
                case Wire.FIXED64 -> p += Long.BYTES;
                case Wire.FIXED32 -> p += Integer.BYTES;
                default -> {
                    int length = b[p];
                    if (length < 0) {
                        length = (int) Wire.varint(b, p);
                        p = afterVarint(b, p);
                    } else {
                        p++;
                    }
                    int number = tag >>> 3;
                    if (number < sizes.length && sizes[number] != 0 && length != 0 && length != sizes[number]) {
                        return true;
                    }
                    p += length;
                }
            }
        }
        return false;
    }

    private static int afterVarint(byte[] b, int at) {
        int p = at;
        while (b[p] < 0) {
            p++;
        }
        return p + 1;
    }
}
