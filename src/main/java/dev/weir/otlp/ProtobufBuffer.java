package dev.weir.otlp;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.SoftReference;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A growing array that protobuf is written to, front to back. A message's length is not known when it begins: the
 * expected number of bytes is left free for it, and where that was wrong its content is moved once as it ends. Kept by
 * a thread between requests.
 */
final class ProtobufBuffer {

    /** More than this is kept for the next request only while the heap has room. */
    private static final int KEPT = 256 << 10;

    private static final int LONGEST_VARINT = 10;
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private byte[] bytes = new byte[8 << 10];
    /** The last that was larger, as long as nobody needs its memory: a new one each time would make the collector work. */
    private SoftReference<byte[]> large = new SoftReference<>(new byte[0]);

    private int size;
    private int limit = Integer.MAX_VALUE - 64;

    /** Begins anew. @param most what may be written, in bytes */
    void reset(int most) {
        size = 0;
        limit = most;
    }

    byte[] take() throws OtlpFormatException {
        if (size > limit) {
            throw OtlpFormatException.tooLarge(limit);
        }
        return Arrays.copyOf(bytes, size);
    }

    void release() {
        if (bytes.length > KEPT) {
            large = new SoftReference<>(bytes);
            bytes = new byte[KEPT];
        }
    }

    int size() {
        return size;
    }

    void varint(long value) throws OtlpFormatException {
        int p = room(LONGEST_VARINT);
        byte[] b = bytes;
        while ((value & ~0x7fL) != 0) {
            b[p++] = (byte) (value | 0x80);
            value >>>= 7;
        }
        b[p++] = (byte) value;
        size = p;
    }

    void fixed32(int value) throws OtlpFormatException {
        int p = room(Integer.BYTES);
        INT.set(bytes, p, value);
        size = p + Integer.BYTES;
    }

    void fixed64(long value) throws OtlpFormatException {
        int p = room(Long.BYTES);
        LONG.set(bytes, p, value);
        size = p + Long.BYTES;
    }

    /** A length prefix and what it counts. */
    void delimited(byte[] from, int offset, int length) throws OtlpFormatException {
        varint(length);
        append(from, offset, length);
    }

    void append(byte[] from, int offset, int length) throws OtlpFormatException {
        int p = room(length);
        System.arraycopy(from, offset, bytes, p, length);
        size = p + length;
    }

    /**
     * Makes room for that many bytes, which the caller writes into {@link #array} at the returned position and then
     * announces by {@link #advance}.
     */
    int room(int more) throws OtlpFormatException {
        if (bytes.length - size < more) {
            grow(more);
        }
        return size;
    }

    byte[] array() {
        return bytes;
    }

    void advance(int written) {
        size += written;
    }

    /**
     * Begins what its length will stand before.
     *
     * @param lengthBytes the expected size of that length, 1 to 5
     * @return what {@link #end} wants to know
     */
    int begin(int lengthBytes) throws OtlpFormatException {
        int p = room(lengthBytes);
        size = p + lengthBytes;
        return size;
    }

    /** Ends what began at that position, writing its length. */
    void end(int start, int lengthBytes) throws OtlpFormatException {
        int length = size - start;
        int needed = (38 - Integer.numberOfLeadingZeros(length | 1)) / 7;
        if (needed != lengthBytes) {
            room(needed);
            System.arraycopy(bytes, start, bytes, start - lengthBytes + needed, length);
            size += needed - lengthBytes;
        }
        int p = start - lengthBytes;
        while (length > 0x7f) {
            bytes[p++] = (byte) (length | 0x80);
            length >>>= 7;
        }
        bytes[p] = (byte) length;
    }

    /** Forgets everything after that position. */
    void truncate(int position) {
        size = position;
    }

    private void grow(int more) throws OtlpFormatException {
        long needed = (long) size + more;
        if (needed > (long) limit + LONGEST_VARINT) {
            throw OtlpFormatException.tooLarge(limit);
        }
        byte[] kept = large.get();
        if (kept != null && kept.length >= needed) {
            System.arraycopy(bytes, 0, kept, 0, size);
            bytes = kept;
            return;
        }
        long ample = Math.min(needed + (needed >> 1), (long) limit + 2 * LONGEST_VARINT);
        bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 8, ample));
    }
}
