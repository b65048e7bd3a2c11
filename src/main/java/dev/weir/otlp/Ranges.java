package dev.weir.otlp;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/** Pieces of byte arrays that will be written one after another. Neighbouring pieces of one array are one piece. */
final class Ranges {

    private static final byte[][] NO_SOURCES = {};
    private static final int[] NO_BOUNDS = {};

    private byte[][] sources = NO_SOURCES;
    /** Start and end of each piece. */
    private int[] bounds = NO_BOUNDS;

    private int count;
    private long length;

    void clear() {
        Arrays.fill(sources, 0, count, null);
        count = 0;
        length = 0;
    }

    void add(byte[] source, int from, int to) {
        length += to - from;
        if (count > 0 && bounds[2 * count - 1] == from && sources[count - 1] == source) {
            bounds[2 * count - 1] = to;
            return;
        }
        if (count == sources.length) {
            sources = Arrays.copyOf(sources, Math.max(2, count + count / 2));
            bounds = Arrays.copyOf(bounds, 2 * sources.length);
        }
        sources[count] = source;
        bounds[2 * count] = from;
        bounds[2 * count++ + 1] = to;
    }

    void addAll(Ranges others) {
        for (int i = 0; i < others.count; i++) {
            add(others.sources[i], others.bounds[2 * i], others.bounds[2 * i + 1]);
        }
    }

    /** Pieces. */
    int count() {
        return count;
    }

    /** Bytes of all pieces together. */
    long length() {
        return length;
    }

    /** Whether the bytes are the same, however they are cut into pieces. */
    boolean sameBytes(Ranges other) {
        if (length != other.length) {
            return false;
        }
        int mine = 0;
        int theirs = 0;
        int myOffset = 0;
        int theirOffset = 0;
        for (long left = length; left > 0; ) {
            int myFrom = bounds[2 * mine] + myOffset;
            int theirFrom = other.bounds[2 * theirs] + theirOffset;
            int myLeft = bounds[2 * mine + 1] - myFrom;
            int theirLeft = other.bounds[2 * theirs + 1] - theirFrom;
            int step = Math.min(myLeft, theirLeft);
            if (!Arrays.equals(
                    sources[mine], myFrom, myFrom + step, other.sources[theirs], theirFrom, theirFrom + step)) {
                return false;
            }
            left -= step;
            myOffset = step == myLeft ? 0 : myOffset + step;
            mine += step == myLeft ? 1 : 0;
            theirOffset = step == theirLeft ? 0 : theirOffset + step;
            theirs += step == theirLeft ? 1 : 0;
        }
        return true;
    }

    /** Writes all pieces and returns the position after them. */
    int writeTo(byte[] out, int at) {
        for (int i = 0; i < count; i++) {
            int from = bounds[2 * i];
            int size = bounds[2 * i + 1] - from;
            System.arraycopy(sources[i], from, out, at, size);
            at += size;
        }
        return at;
    }

    void writeTo(OutputStream out) throws IOException {
        for (int i = 0; i < count; i++) {
            int from = bounds[2 * i];
            out.write(sources[i], from, bounds[2 * i + 1] - from);
        }
    }
}
