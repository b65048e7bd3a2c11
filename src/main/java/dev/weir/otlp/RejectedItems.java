package dev.weir.otlp;

import java.util.Arrays;

/** Ranges to leave out of a request. Neighbours are one range, so that many tiny items do not take much memory. */
final class RejectedItems {

    private static final int REQUEST = 0;
    private static final int SCOPE_ITEMS = 2;
    /** ResourceSpans or ResourceLogs in a request, ScopeSpans or ScopeLogs in one of them. */
    private static final int[] CHILD = {1, 2};

    private int[] starts = {};
    private int[] ends = {};
    private int count;

    void clear() {
        count = 0;
        if (starts.length > 1024) {
            starts = new int[0];
            ends = new int[0];
        }
    }

    /** Adds the whole field of an item; ranges come in ascending order. */
    void add(int from, int to) {
        if (count > 0 && ends[count - 1] == from) {
            ends[count - 1] = to;
            return;
        }
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, Math.max(8, count + count / 2));
            ends = Arrays.copyOf(ends, starts.length);
        }
        starts[count] = from;
        ends[count++] = to;
    }

    int lengthWithout(byte[] request) {
        return keptLength(request, REQUEST, 0, request.length);
    }

    byte[] removedFrom(byte[] request) {
        byte[] out = new byte[lengthWithout(request)];
        write(request, REQUEST, 0, request.length, out, 0);
        return out;
    }

    private int write(byte[] request, int depth, int from, int to, byte[] out, int at) {
        if (depth == SCOPE_ITEMS) {
            return writeKept(request, from, to, out, at);
        }
        FieldCursor field = new FieldCursor().reset(request, from, to);
        while (field.next()) {
            int start = field.fieldStart();
            if (field.isContent(CHILD[depth])) {
                int length = keptLength(request, depth + 1, field.valueStart(), field.valueEnd());
                if (length < field.valueEnd() - field.valueStart()) {
                    at = Wire.putPrefix(out, at, (byte) (CHILD[depth] << 3 | Wire.LENGTH), length);
                    at = write(request, depth + 1, field.valueStart(), field.valueEnd(), out, at);
                    continue;
                }
            }
            System.arraycopy(request, start, out, at, field.valueEnd() - start);
            at += field.valueEnd() - start;
        }
        return at;
    }

    private int writeKept(byte[] request, int from, int to, byte[] out, int at) {
        int p = from;
        for (int i = firstAtOrAfter(from); i < count && ends[i] <= to; i++) {
            System.arraycopy(request, p, out, at, starts[i] - p);
            at += starts[i] - p;
            p = ends[i];
        }
        System.arraycopy(request, p, out, at, to - p);
        return at + to - p;
    }

    private int keptLength(byte[] request, int depth, int from, int to) {
        if (depth == SCOPE_ITEMS) {
            int length = to - from;
            for (int i = firstAtOrAfter(from); i < count && ends[i] <= to; i++) {
                length -= ends[i] - starts[i];
            }
            return length;
        }
        int length = 0;
        FieldCursor field = new FieldCursor().reset(request, from, to);
        while (field.next()) {
            int whole = field.valueEnd() - field.fieldStart();
            if (field.isContent(CHILD[depth])) {
                int kept = keptLength(request, depth + 1, field.valueStart(), field.valueEnd());
                length += kept < field.valueEnd() - field.valueStart() ? (int) Wire.fieldLength(kept) : whole;
            } else {
                length += whole;
            }
        }
        return length;
    }

    private int firstAtOrAfter(int from) {
        int found = Arrays.binarySearch(starts, 0, count, from);
        return found < 0 ? -found - 1 : found;
    }
}
