package dev.weir.receive;

import dev.weir.pipeline.Refusal;
import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * Bytes of unknown number on their way into one array, charged in steps before they are kept. The number is limited: it
 * stops at the limit, not after it.
 */
final class Segments {

    private static final int FIRST = 8 << 10;
    private static final int STEP = 64 << 10;

    private final Charge charge;
    private final int limit;
    private final ArrayDeque<byte[]> full = new ArrayDeque<>();
    private byte[] last;
    /** Of its length, what may be written. */
    private int lastRoom;

    private int inLast;
    private int size;
    private long charged;

    /** For bytes of unknown number, at most {@code limit}. */
    Segments(Charge charge, int limit) {
        this.charge = charge;
        this.limit = limit;
        this.last = new byte[0];
    }

    /** For exactly so many bytes, which the charge has already taken; there is room for them. */
    static Segments ofKnownLength(Charge charge, byte[] room, int bytes) {
        Segments segments = new Segments(charge, bytes);
        segments.last = room;
        segments.lastRoom = bytes;
        segments.charged = bytes;
        return segments;
    }

    /** What has come whole in one array, which is charged. */
    static Segments ofWhole(Charge charge, byte[] bytes) {
        Segments segments = ofKnownLength(charge, bytes, bytes.length);
        segments.wrote(bytes.length);
        return segments;
    }

    /** Where to write next, from {@link #offset}, and no more than is {@link #left}: at least one byte. */
    byte[] room() throws StoppedException {
        if (inLast < lastRoom) {
            return last;
        }
        if (size >= limit) {
            throw new StoppedException(Refusal.Reason.TOO_LARGE);
        }
        int next = Math.min(size == 0 ? FIRST : STEP, limit - size);
        if (!charge.take(next)) {
            throw new StoppedException(Refusal.Reason.MEMORY);
        }
        charged += next;
        if (last.length > 0) {
            full.add(last);
        }
        last = new byte[next];
        lastRoom = next;
        inLast = 0;
        return last;
    }

    int offset() {
        return inLast;
    }

    /** Bytes that may be written at the offset. */
    int left() {
        return lastRoom - inLast;
    }

    void wrote(int bytes) {
        inLast += bytes;
        size += bytes;
    }

    /** Whether one more byte would be over the limit. */
    boolean isAtLimit() {
        return size >= limit;
    }

    int size() {
        return size;
    }

    /**
     * All bytes in one array that is charged instead of the segments, which are gone afterwards. It is just as long, but when
     * the length was known before: then it is the room that was given.
     */
    byte[] join() throws StoppedException {
        byte[] joined;
        if (full.isEmpty() && size == lastRoom) {
            joined = last;
        } else if (full.isEmpty() && size <= STEP) {
            joined = Arrays.copyOf(last, size);
            charge.release(charged - size);
        } else {
            if (!charge.take(size)) {
                throw new StoppedException(Refusal.Reason.MEMORY);
            }
            joined = new byte[size];
            int at = 0;
            for (byte[] segment = full.poll(); segment != null; segment = full.poll()) {
                System.arraycopy(segment, 0, joined, at, segment.length);
                at += segment.length;
            }
            System.arraycopy(last, 0, joined, at, inLast);
            charge.release(charged);
            charged = 0;
        }
        last = new byte[0];
        lastRoom = 0;
        return joined;
    }

    /** Forgets everything and gives back its charge. */
    void discard() {
        full.clear();
        last = new byte[0];
        lastRoom = 0;
        inLast = 0;
        charge.release(charged);
        charged = 0;
    }
}
