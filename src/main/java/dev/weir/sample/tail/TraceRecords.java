package dev.weir.sample.tail;

import java.nio.ByteBuffer;

/**
 * What is known of each held trace: {@value #FIXED_BYTES} bytes and the words that the policies ask for, under a number
 * that is the trace's as long as it is held. For one thread at a time; each shard has its own.
 */
final class TraceRecords {

    /** No trace. */
    static final int NONE = 0;

    /** A span without parent has come. */
    static final int ROOT_SEEN = 1;

    /** A span carried explicit randomness. */
    static final int RANDOMNESS_SEEN = 1 << 1;

    /** A span carried a threshold. */
    static final int THRESHOLD_SEEN = 1 << 2;

    /** Decided, and being taken out slice by slice: nothing joins it any more. */
    static final int DECIDED = 1 << 3;

    /** It was decided before and kept: it is only passed on. */
    static final int LATE = 1 << 4;

    /** It will be decided as soon as can be: the answer is certain, or it is too large to wait. */
    static final int DUE_NOW = 1 << 5;

    /** It came when memory was short, and was let in by the dice: its threshold must be told. */
    static final int HEAD = 1 << 6;

    /** Its root came so early that the wait after the root ends before the other one. */
    static final int ROOT_WAIT = 1 << 7;

    static final int FIXED_BYTES = 104;

    private static final int ID_HIGH = 0;
    private static final int ID_LOW = 8;
    private static final int START = 16;
    private static final int END = 24;
    private static final int BYTES = 32;
    private static final int NEXT_IN_BUCKET = 40;
    private static final int LAST_RUN = 44;
    private static final int SPANS = 48;
    private static final int ERRORS = 52;
    private static final int FLAGS = 56;
    private static final int GENERATION = 60;
    private static final int THRESHOLD = 64;
    private static final int RANDOMNESS = 72;
    private static final int ARRIVAL = 80;
    private static final int DUE_NEXT = 84;
    private static final int DUE_PREVIOUS = 88;
    private static final int DUE_BUCKET = 92;
    private static final int LOGS = 96;
    private static final int LOG_BYTES = 100;

    private final Cells cells;
    private final TraceWords words;

    TraceRecords(Slabs chunks) {
        cells = new Cells(chunks, FIXED_BYTES, FIXED_BYTES);
        words = new TraceWords(cells);
    }

    /** What policies know of the traces. */
    TraceWords words() {
        return words;
    }

    int add(long traceIdHigh, long traceIdLow, int arrivalSecond, Reservation reservation) {
        int trace = cells.take(reservation);
        ByteBuffer bytes = cells.bytes(trace);
        int at = cells.offset(trace);
        for (int p = at; p < at + FIXED_BYTES; p += Long.BYTES) {
            bytes.putLong(p, 0);
        }
        words.clear(trace);
        bytes.putLong(at + ID_HIGH, traceIdHigh);
        bytes.putLong(at + ID_LOW, traceIdLow);
        bytes.putLong(at + START, -1);
        bytes.putInt(at + GENERATION, words.generation());
        bytes.putInt(at + ARRIVAL, arrivalSecond);
        return trace;
    }

    void free(int trace) {
        cells.free(trace);
    }

    /** Takes in what spans say of their trace. Times are unsigned: the least start, the greatest end. */
    void foldSpans(int trace, long startNanos, long endNanos, int errors, int flags) {
        ByteBuffer bytes = cells.bytes(trace);
        int at = cells.offset(trace);
        if (Long.compareUnsigned(startNanos, bytes.getLong(at + START)) < 0) {
            bytes.putLong(at + START, startNanos);
        }
        if (Long.compareUnsigned(endNanos, bytes.getLong(at + END)) > 0) {
            bytes.putLong(at + END, endNanos);
        }
        if (errors > 0) {
            bytes.putInt(at + ERRORS, bytes.getInt(at + ERRORS) + errors);
        }
        if (flags != 0) {
            bytes.putInt(at + FLAGS, bytes.getInt(at + FLAGS) | flags);
        }
    }

    /** A run of spans, of so many bytes, was put after {@link #lastRun}. */
    void appended(int trace, int run, int count, int length) {
        ByteBuffer bytes = cells.bytes(trace);
        int at = cells.offset(trace);
        bytes.putLong(at + BYTES, bytes.getLong(at + BYTES) + length);
        bytes.putInt(at + LAST_RUN, run);
        bytes.putInt(at + SPANS, bytes.getInt(at + SPANS) + count);
    }

    /** A run of log records, of so many bytes, was put after {@link #lastRun}. */
    void appendedLogs(int trace, int run, int count, int length) {
        ByteBuffer bytes = cells.bytes(trace);
        int at = cells.offset(trace);
        bytes.putInt(at + LAST_RUN, run);
        bytes.putInt(at + LOGS, bytes.getInt(at + LOGS) + count);
        bytes.putInt(at + LOG_BYTES, (int) Math.min((long) bytes.getInt(at + LOG_BYTES) + length, Integer.MAX_VALUE));
    }

    long traceIdHigh(int trace) {
        return getLong(trace, ID_HIGH);
    }

    long traceIdLow(int trace) {
        return getLong(trace, ID_LOW);
    }

    boolean hasId(int trace, long traceIdHigh, long traceIdLow) {
        ByteBuffer bytes = cells.bytes(trace);
        int at = cells.offset(trace);
        return bytes.getLong(at + ID_LOW) == traceIdLow && bytes.getLong(at + ID_HIGH) == traceIdHigh;
    }

    /** The least start, nanoseconds since the epoch, unsigned. */
    long startNanos(int trace) {
        return getLong(trace, START);
    }

    /** The greatest end, nanoseconds since the epoch, unsigned. */
    long endNanos(int trace) {
        return getLong(trace, END);
    }

    /** Bytes of all spans that came, as they came. */
    long bytes(int trace) {
        return getLong(trace, BYTES);
    }

    /** Spans that came. */
    int spans(int trace) {
        return getInt(trace, SPANS);
    }

    /** Whether it has become so large that it must be decided; log records count, though policies do not see them. */
    boolean isLarge(int trace, int mostSpans, long mostBytes) {
        return (long) spans(trace) + getInt(trace, LOGS) >= mostSpans
                || bytes(trace) + getInt(trace, LOG_BYTES) >= mostBytes;
    }

    int errors(int trace) {
        return getInt(trace, ERRORS);
    }

    int flags(int trace) {
        return getInt(trace, FLAGS);
    }

    void addFlags(int trace, int flags) {
        setInt(trace, FLAGS, flags(trace) | flags);
    }

    /** The rules under which the trace's words were written. */
    int generation(int trace) {
        return getInt(trace, GENERATION);
    }

    /** The trace's words cannot be trusted: it will be scanned again. */
    void outdate(int trace) {
        setInt(trace, GENERATION, 0); // rules' generations begin with 1
    }

    /** The greatest threshold that came with a span; 0 when none did. */
    long threshold(int trace) {
        return getLong(trace, THRESHOLD);
    }

    void raiseThreshold(int trace, long threshold) {
        addFlags(trace, THRESHOLD_SEEN);
        setLong(trace, THRESHOLD, Math.max(threshold(trace), threshold));
    }

    /** Explicit randomness; of use only with the flag {@link #RANDOMNESS_SEEN}. */
    long randomness(int trace) {
        return getLong(trace, RANDOMNESS);
    }

    void setRandomness(int trace, long randomness) {
        addFlags(trace, RANDOMNESS_SEEN);
        setLong(trace, RANDOMNESS, randomness);
    }

    int arrivalSecond(int trace) {
        return getInt(trace, ARRIVAL);
    }

    /** Last run of the trace, or {@link RunIndex#NONE}. */
    int lastRun(int trace) {
        return getInt(trace, LAST_RUN);
    }

    void setLastRun(int trace, int run) {
        setInt(trace, LAST_RUN, run);
    }

    /** The trace after it in its bucket of the table. */
    int nextInBucket(int trace) {
        return getInt(trace, NEXT_IN_BUCKET);
    }

    void setNextInBucket(int trace, int next) {
        setInt(trace, NEXT_IN_BUCKET, next);
    }

    /** Three ints at the disposal of whoever keeps lists of traces by the time they are due; 0 at first. */
    int dueNext(int trace) {
        return getInt(trace, DUE_NEXT);
    }

    void setDueNext(int trace, int next) {
        setInt(trace, DUE_NEXT, next);
    }

    int duePrevious(int trace) {
        return getInt(trace, DUE_PREVIOUS);
    }

    void setDuePrevious(int trace, int previous) {
        setInt(trace, DUE_PREVIOUS, previous);
    }

    int dueBucket(int trace) {
        return getInt(trace, DUE_BUCKET);
    }

    void setDueBucket(int trace, int bucket) {
        setInt(trace, DUE_BUCKET, bucket);
    }

    /** Held traces. */
    int size() {
        return cells.live();
    }

    private long getLong(int trace, int field) {
        return cells.bytes(trace).getLong(cells.offset(trace) + field);
    }

    private void setLong(int trace, int field, long value) {
        cells.bytes(trace).putLong(cells.offset(trace) + field, value);
    }

    private int getInt(int trace, int field) {
        return cells.bytes(trace).getInt(cells.offset(trace) + field);
    }

    private void setInt(int trace, int field, int value) {
        cells.bytes(trace).putInt(cells.offset(trace) + field, value);
    }
}
