package dev.weir.otlp;

import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Builds one trace request out of spans, or one logs request out of log records, that come in any order: each resource and each scope in it stands once, spans keep
 * the order in which they were added. Reusable, for one thread; no object for a span or a group.
 *
 * <p>A resource is given by its header: all fields of its ResourceSpans but the ScopeSpans, with their tags. A scope by all
 * fields of its ScopeSpans but the spans. Two are the same when their headers are the same bytes, scopes within their
 * resource. All bytes are copied when they are added.
 */
public final class SpanGroups {

    /** No group; the parent of a resource. */
    private static final int NONE = -1;

    /** What the arrays shrink to after a large request. */
    private static final int USUAL_BYTES = 64 << 10;

    private static final int USUAL_SPANS = 256;
    private static final int USUAL_GROUPS = 32;

    /** Tag and length of a message, at most. */
    private static final int PREFIX = 6;

    /** Senders choose the bytes that are hashed; the seed keeps them from choosing the hashes. */
    private final long seed = ThreadLocalRandom.current().nextLong();

    /** Headers and spans. */
    private byte[] bytes = new byte[USUAL_BYTES];

    private int used;

    private int groups;
    private int[] parent = new int[USUAL_GROUPS];
    private long[] hash = new long[USUAL_GROUPS];
    private int[] headerStart = new int[USUAL_GROUPS];
    private int[] headerLength = new int[USUAL_GROUPS];
    /** Of a resource its first and last scope, of a scope its first and last span. */
    private int[] first = new int[USUAL_GROUPS];

    private int[] last = new int[USUAL_GROUPS];
    private int[] nextGroup = new int[USUAL_GROUPS];
    private int[] bodyLength = new int[USUAL_GROUPS];
    /** Groups by hash: open addressing, at most half full, 0 for empty, else the group plus one. */
    private int[] table = new int[4 * USUAL_GROUPS];

    private int firstResource = NONE;
    private int lastResource = NONE;

    private int spans;
    private int[] spanStart = new int[USUAL_SPANS];
    private int[] spanLength = new int[USUAL_SPANS];
    private int[] nextSpan = new int[USUAL_SPANS];
    private long bound;

    /** The group of the resource with this header. */
    public int resource(byte[] header, int from, int to) {
        return group(NONE, header, from, to);
    }

    /** The group of the scope with this header, of a resource that {@link #resource} gave since the last {@link #build}. */
    public int scope(int resource, byte[] header, int from, int to) {
        return group(resource, header, from, to);
    }

    /**
     * Makes room for the body of a span, to be written from {@link #position} on.
     *
     * @return the array to write to, until the next call of any method but {@link #position} and {@link #add}
     */
    public byte[] room(int length) {
        if (bytes.length - used < length) {
            bytes = Arrays.copyOf(bytes, grown(bytes.length, (long) used + length));
        }
        return bytes;
    }

    /** Where the next span is to be written. */
    public int position() {
        return used;
    }

    /** Adds the span whose body has been written at {@link #position} to a scope that {@link #scope} gave. */
    public void add(int scope, int length) {
        if (spans == spanStart.length) {
            int size = grown(spans, spans + 1L);
            spanStart = Arrays.copyOf(spanStart, size);
            spanLength = Arrays.copyOf(spanLength, size);
            nextSpan = Arrays.copyOf(nextSpan, size);
        }
        int span = spans++;
        spanStart[span] = used;
        spanLength[span] = length;
        nextSpan[span] = NONE;
        used += length;
        bound += Wire.fieldLength(length);
        if (first[scope] == NONE) {
            first[scope] = span;
        } else {
            nextSpan[last[scope]] = span;
        }
        last[scope] = span;
    }

    public int spans() {
        return spans;
    }

    /** The most bytes that the request may have. */
    public long bytes() {
        return bound;
    }

    /** The request, in an array of the exact size; after that there are no spans and no groups any more. */
    public byte[] build() {
        int length = 0;
        for (int r = firstResource; r != NONE; r = nextGroup[r]) {
            length = Math.addExact(length, Math.toIntExact(Wire.fieldLength(measureResource(r))));
        }
        byte[] out = new byte[length];
        int p = 0;
        for (int r = firstResource; r != NONE; r = nextGroup[r]) {
            p = writeResource(r, out, p);
        }
        clear();
        return out;
    }

    private int measureResource(int resource) {
        long length = headerLength[resource];
        for (int s = first[resource]; s != NONE; s = nextGroup[s]) {
            long scopeLength = headerLength[s];
            for (int span = first[s]; span != NONE; span = nextSpan[span]) {
                scopeLength += Wire.fieldLength(spanLength[span]);
            }
            bodyLength[s] = Math.toIntExact(scopeLength);
            length += Wire.fieldLength(scopeLength);
        }
        return bodyLength[resource] = Math.toIntExact(length);
    }

    private int writeResource(int resource, byte[] out, int at) {
        int p = Wire.putPrefix(out, at, RequestFields.RESOURCES_TAG, bodyLength[resource]);
        p = copy(headerStart[resource], headerLength[resource], out, p);
        for (int s = first[resource]; s != NONE; s = nextGroup[s]) {
            p = Wire.putPrefix(out, p, RequestFields.SCOPES_TAG, bodyLength[s]);
            p = copy(headerStart[s], headerLength[s], out, p);
            for (int span = first[s]; span != NONE; span = nextSpan[span]) {
                p = Wire.putPrefix(out, p, RequestFields.ITEMS_TAG, spanLength[span]);
                p = copy(spanStart[span], spanLength[span], out, p);
            }
        }
        return p;
    }

    private int copy(int from, int length, byte[] out, int at) {
        System.arraycopy(bytes, from, out, at, length);
        return at + length;
    }

    private void clear() {
        used = 0;
        spans = 0;
        groups = 0;
        bound = 0;
        firstResource = NONE;
        lastResource = NONE;
        if (parent.length > 32 * USUAL_GROUPS) {
            resizeGroups(USUAL_GROUPS);
            table = new int[4 * USUAL_GROUPS];
        } else {
            Arrays.fill(table, 0);
        }
        if (bytes.length > 32 * USUAL_BYTES) {
            bytes = new byte[USUAL_BYTES];
        }
    }

    private int group(int of, byte[] header, int from, int to) {
        long wanted = ByteHash.of(of == NONE ? seed : hash[of], header, from, to);
        int mask = table.length - 1;
        int slot = (int) wanted & mask;
        for (int entry = table[slot]; entry != 0; entry = table[slot]) {
            int group = entry - 1;
            int start = headerStart[group];
            if (hash[group] == wanted
                    && parent[group] == of
                    && Arrays.equals(bytes, start, start + headerLength[group], header, from, to)) {
                return group;
            }
            slot = (slot + 1) & mask;
        }
        table[slot] = groups + 1;
        int group = newGroup(of, wanted, header, from, to);
        if (groups * 2 > table.length) {
            rehash();
        }
        return group;
    }

    private int newGroup(int of, long itsHash, byte[] header, int from, int to) {
        if (groups == parent.length) {
            resizeGroups(grown(groups, groups + 1L));
        }
        int group = groups++;
        System.arraycopy(header, from, room(to - from), used, to - from);
        parent[group] = of;
        hash[group] = itsHash;
        headerStart[group] = used;
        headerLength[group] = to - from;
        first[group] = NONE;
        last[group] = NONE;
        nextGroup[group] = NONE;
        used += to - from;
        bound += PREFIX + to - from;
        if (of == NONE) {
            if (lastResource == NONE) {
                firstResource = group;
            } else {
                nextGroup[lastResource] = group;
            }
            lastResource = group;
        } else {
            if (first[of] == NONE) {
                first[of] = group;
            } else {
                nextGroup[last[of]] = group;
            }
            last[of] = group;
        }
        return group;
    }

    private void resizeGroups(int size) {
        parent = Arrays.copyOf(parent, size);
        hash = Arrays.copyOf(hash, size);
        headerStart = Arrays.copyOf(headerStart, size);
        headerLength = Arrays.copyOf(headerLength, size);
        first = Arrays.copyOf(first, size);
        last = Arrays.copyOf(last, size);
        nextGroup = Arrays.copyOf(nextGroup, size);
        bodyLength = Arrays.copyOf(bodyLength, size);
    }

    private void rehash() {
        table = new int[table.length * 2];
        int mask = table.length - 1;
        for (int group = 0; group < groups; group++) {
            int slot = (int) hash[group] & mask;
            while (table[slot] != 0) {
                slot = (slot + 1) & mask;
            }
            table[slot] = group + 1;
        }
    }

    private static int grown(int size, long least) {
        return Math.toIntExact(Math.max(least, Math.min(2L * size, Integer.MAX_VALUE - 8)));
    }
}
