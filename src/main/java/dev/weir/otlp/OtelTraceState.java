package dev.weir.otlp;

/**
 * Reads a span's {@code tracestate}, and writes it with another sampling threshold. Knows {@code rv} and {@code th} of the
 * {@code ot} entry; what it does not know stays as it is, in order. Reusable; for one thread; allocates nothing.
 *
 * <p>A sender may write anything there. What is not a list of the W3C's grammar, has over 32 entries, two of {@code ot},
 * an unreadable {@code rv} or {@code th}, or is over {@link #MAX_LENGTH} bytes, is malformed: it says nothing, and is not
 * to be changed.
 *
 * @see <a href="https://www.w3.org/TR/trace-context-2/#tracestate-header">W3C Trace Context Level 2, tracestate</a>
 * @see <a href="https://opentelemetry.io/docs/specs/otel/trace/tracestate-handling/">TraceState Handling</a>
 */
public final class OtelTraceState {

    /** For {@link #write}: leave {@code th} out. */
    public static final long NO_THRESHOLD = -1;

    /** What {@link #write} returns when it cannot. */
    public static final int UNWRITABLE = -1;

    /** Bytes; a trace state travels as an HTTP header, and common servers take no longer ones. */
    public static final int MAX_LENGTH = 8192;

    /** The most bytes that {@link #write} writes. */
    public static final int MAX_WRITTEN = MAX_LENGTH + 4 /* ot=, and a comma */ + 18 /* ;th: and 14 digits */;

    private static final int MAX_ENTRIES = 32;
    private static final int MAX_KEY = 256;
    private static final int MAX_VALUE = 256;

    private final int[] starts = new int[MAX_ENTRIES];
    private final int[] ends = new int[MAX_ENTRIES];

    private byte[] bytes = {};
    private int entries;
    private boolean malformed;
    /** Index of the entry, or −1. */
    private int ot;
    /** Where its {@code th:…} is, without separator; empty when it has none. */
    private int thStart;

    private int thEnd;
    private long randomness;
    private long threshold;

    /** Reads the value of a span's {@code trace_state}, which may be empty. */
    public OtelTraceState reset(byte[] source, int from, int to) {
        bytes = source;
        entries = 0;
        ot = -1;
        thStart = thEnd = from;
        randomness = Hex56.INVALID;
        threshold = NO_THRESHOLD;
        malformed = to - from > MAX_LENGTH || !readEntries(from, to);
        if (malformed) {
            randomness = Hex56.INVALID;
            threshold = NO_THRESHOLD;
        }
        return this;
    }

    public boolean isMalformed() {
        return malformed;
    }

    /** Whether there is an {@code rv}. */
    public boolean hasRandomness() {
        return randomness >= 0;
    }

    /** The {@code rv}, 56 bits; −1 without. */
    public long randomness() {
        return randomness;
    }

    /** Whether there is a {@code th}. */
    public boolean hasThreshold() {
        return threshold >= 0;
    }

    /** The {@code th}, 56 bits; {@link #NO_THRESHOLD} without. */
    public long threshold() {
        return threshold;
    }

    /**
     * Writes the trace state with this threshold instead of its own, {@code ot} first. With 32 other entries the
     * right-most makes room. Writes nothing when nothing is left.
     *
     * @param newThreshold 56 bits, or {@link #NO_THRESHOLD}
     * @param out has room for {@link #MAX_WRITTEN} bytes from {@code at}
     * @return the position after what was written, or {@link #UNWRITABLE}, with anything in {@code out}, when the trace
     *     state is malformed or its {@code ot} would be over 256 bytes
     */
    public int write(long newThreshold, byte[] out, int at) {
        if (malformed) {
            return UNWRITABLE;
        }
        int p = writeOt(newThreshold, out, at);
        if (p - at > MAX_VALUE + 3
        /* ot= */ ) {
            return UNWRITABLE;
        }
        int room = p > at ? MAX_ENTRIES - 1 : MAX_ENTRIES;
        for (int i = 0; i < entries && room > 0; i++) {
            if (i != ot) {
                if (p > at) {
                    out[p++] = ',';
                }
                p = copy(starts[i], ends[i], out, p);
                room--;
            }
        }
        return p;
    }

    private int writeOt(long newThreshold, byte[] out, int at) {
        out[at] = 'o';
        out[at + 1] = 't';
        out[at + 2] = '=';
        int value = at + 3;
        int p = value;
        if (ot >= 0) {
            p = writeMembersBut(out, p);
        }
        if (newThreshold != NO_THRESHOLD) {
            if (p > value) {
                out[p++] = ';';
            }
            out[p++] = 't';
            out[p++] = 'h';
            out[p++] = ':';
            p = Hex56.write(newThreshold, out, p);
        }
        return p == value ? at : p;
    }

    /** The members of {@code ot} but {@code th}. */
    private int writeMembersBut(byte[] out, int at) {
        int start = starts[ot] + 3;
        int end = ends[ot];
        if (thStart == thEnd) {
            return copy(start, end, out, at);
        }
        // Its separator goes too: the one before it, or, for the first, the one after it.
        int before = Math.max(start, thStart - 1);
        int after = thStart == start ? Math.min(end, thEnd + 1) : thEnd;
        return copy(after, end, out, copy(start, before, out, at));
    }

    private int copy(int from, int to, byte[] out, int at) {
        System.arraycopy(bytes, from, out, at, to - from);
        return at + to - from;
    }

    private boolean readEntries(int from, int to) {
        int p = from;
        while (p < to) {
            int end = indexOf((byte) ',', p, to);
            int last = end;
            while (p < last && isSpace(bytes[p])) {
                p++;
            }
            while (last > p && isSpace(bytes[last - 1])) {
                last--;
            }
            if (p < last && !readEntry(p, last)) {
                return false;
            }
            p = end + 1;
        }
        return true;
    }

    private boolean readEntry(int from, int to) {
        int equals = indexOf((byte) '=', from, to);
        if (entries == MAX_ENTRIES || !isKey(from, equals) || !isValue(equals + 1, to)) {
            return false;
        }
        starts[entries] = from;
        ends[entries] = to;
        if (equals - from == 2 && bytes[from] == 'o' && bytes[from + 1] == 't') {
            if (ot >= 0) {
                return false;
            }
            ot = entries;
            if (!readOt(equals + 1, to)) {
                return false;
            }
        }
        entries++;
        return true;
    }

    /** {@code key:value} members with semicolons between. */
    private boolean readOt(int from, int to) {
        int p = from;
        while (p <= to) {
            int end = indexOf((byte) ';', p, to);
            int colon = indexOf((byte) ':', p, end);
            if (!isOtMember(p, colon, end)) {
                return false;
            }
            if (colon - p == 2 && bytes[p] == 't' && bytes[p + 1] == 'h') {
                if (threshold >= 0) {
                    return false;
                }
                threshold = Hex56.parse(bytes, colon + 1, end);
                if (threshold < 0) {
                    return false;
                }
                thStart = p;
                thEnd = end;
            } else if (colon - p == 2 && bytes[p] == 'r' && bytes[p + 1] == 'v') {
                if (randomness >= 0 || end - colon - 1 != Hex56.MAX_DIGITS) {
                    return false;
                }
                randomness = Hex56.parse(bytes, colon + 1, end);
                if (randomness < 0) {
                    return false;
                }
            }
            p = end + 1;
        }
        return true;
    }

    private boolean isOtMember(int from, int colon, int to) {
        if (colon == to || colon == from || !isLower(bytes[from])) {
            return false;
        }
        for (int i = from + 1; i < colon; i++) {
            if (!isLower(bytes[i]) && !isDigit(bytes[i])) {
                return false;
            }
        }
        for (int i = colon + 1; i < to; i++) {
            byte b = bytes[i];
            if (!isLower((byte) (b | 0x20)) && !isDigit(b) && b != '.' && b != '_' && b != '-') {
                return false;
            }
        }
        return true;
    }

    private boolean isKey(int from, int to) {
        if (from == to || to - from > MAX_KEY || !isLower(bytes[from]) && !isDigit(bytes[from])) {
            return false;
        }
        for (int i = from + 1; i < to; i++) {
            byte b = bytes[i];
            if (!isLower(b) && !isDigit(b) && b != '_' && b != '-' && b != '*' && b != '/' && b != '@') {
                return false;
            }
        }
        return true;
    }

    private boolean isValue(int from, int to) {
        if (from >= to || to - from > MAX_VALUE) {
            return false;
        }
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            if (b < 0x20 || b == 0x7f || b == '=') {
                return false;
            }
        }
        return true;
    }

    /** Where the byte is, or {@code to}. */
    private int indexOf(byte wanted, int from, int to) {
        int p = from;
        while (p < to && bytes[p] != wanted) {
            p++;
        }
        return p;
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\t';
    }

    private static boolean isLower(byte b) {
        return b >= 'a' && b <= 'z';
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }
}
