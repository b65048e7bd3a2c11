package dev.weir.otlp;

import java.util.Arrays;

/**
 * What a Resource* or a Scope* message says of all its items: its fields but the items or messages inside it, in their
 * order, unknown ones included. Two messages with the same header can be one. Reusable, for one thread.
 */
public final class GroupHeader {

    /** An array that one large header needed is not kept for the next. */
    private static final int KEPT = 64 << 10;

    private final FieldCursor field = new FieldCursor();
    private byte[] bytes = new byte[512];
    private int length;
    private int bodyFrom;
    private int bodyTo;
    private long hash;

    /**
     * Reads the message.
     *
     * @param validRequest bytes that a {@link RequestScanner} found valid
     * @param from where the body of the Resource* or Scope* is
     * @param key of the hash
     */
    public void read(byte[] validRequest, int from, int to, long key) {
        length = 0;
        bodyFrom = 0;
        bodyTo = 0;
        hash = key;
        if (bytes.length > KEPT) {
            bytes = new byte[KEPT];
        }
        field.reset(validRequest, from, to);
        while (field.next()) {
            if (field.isContent(RequestFields.ITEMS)) { // Scope* in a Resource* have the same number
                continue;
            }
            int size = field.valueEnd() - field.fieldStart();
            if (length + size > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + size));
            }
            System.arraycopy(validRequest, field.fieldStart(), bytes, length, size);
            if (field.isContent(RequestFields.RESOURCE)) { // a scope has the same number
                bodyTo = length + size;
                bodyFrom = bodyTo - (field.valueEnd() - field.valueStart());
            }
            hash = ByteHash.of(hash, validRequest, field.fieldStart(), field.valueEnd());
            length += size;
        }
    }

    /** The header's bytes are the first {@link #length} ones; overwritten by the next {@link #read}. */
    public byte[] bytes() {
        return bytes;
    }

    public int length() {
        return length;
    }

    /** Where the body of the Resource or InstrumentationScope is in {@link #bytes}; an empty range when there is none. */
    public int bodyFrom() {
        return bodyFrom;
    }

    public int bodyTo() {
        return bodyTo;
    }

    /** A hash of the header under the key. */
    public long hash() {
        return hash;
    }
}
