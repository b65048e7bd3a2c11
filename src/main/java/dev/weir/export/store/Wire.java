package dev.weir.export.store;

/** The little of the protobuf wire format that the store writes, and reads back from what it wrote itself. */
final class Wire {

    /** {@code ExportTraceServiceRequest.resource_spans}. */
    static final int RESOURCE_SPANS = 1;
    /** {@code ResourceSpans.resource} and {@code ScopeSpans.scope}. */
    static final int DESCRIPTION = 1;
    /** {@code ResourceSpans.scope_spans} and {@code ScopeSpans.spans}. */
    static final int CHILDREN = 2;
    /** {@code schema_url} of both. */
    static final int SCHEMA_URL = 3;

    private Wire() {}

    /** Length of a length-delimited field with a one-byte tag. */
    static int fieldSize(int length) {
        return 1 + varintSize(length) + length;
    }

    /** Writes tag and length, returns where the content goes. */
    static int putHeader(byte[] out, int at, int field, int length) {
        out[at] = (byte) (field << 3 | 2 /* length-delimited */);
        return putVarint(out, at + 1, length);
    }

    static int putField(byte[] out, int at, int field, byte[] content, int from, int to) {
        int content0 = putHeader(out, at, field, to - from);
        System.arraycopy(content, from, out, content0, to - from);
        return content0 + to - from;
    }

    static int varintSize(int value) {
        return (38 - Integer.numberOfLeadingZeros(value | 1)) / 7; // bits rounded up to sevens
    }

    static int varint(byte[] in, int at) {
        int value = 0;
        for (int shift = 0; ; shift += 7) {
            byte b = in[at++];
            value |= (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
        }
    }

    private static int putVarint(byte[] out, int start, int value) {
        int at = start;
        int rest = value;
        while ((rest & ~0x7f) != 0) {
            out[at++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        out[at++] = (byte) rest;
        return at;
    }
}
