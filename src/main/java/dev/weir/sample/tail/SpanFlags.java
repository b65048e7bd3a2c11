package dev.weir.sample.tail;

/** What is noted of a span or log record that arrives. Of these, {@link #KEPT} is kept with it. */
final class SpanFlags {

    /** It has a trace state, or a log record's attributes for sampling: to write a threshold, it must be read again. */
    static final int TRACE_STATE = 1;

    /** It has no parent. */
    static final int ROOT = 1 << 1;

    /** It is no span but a log record, which follows the trace. */
    static final int LOG = 1 << 2;

    /** What is kept with the span. */
    static final int KEPT = TRACE_STATE | ROOT;

    static final int ERROR = 1 << 4;

    /** Its trace state says the randomness. */
    static final int RANDOMNESS = 1 << 5;

    /** Its trace state says a threshold that its randomness does not contradict. */
    static final int THRESHOLD = 1 << 6;

    private SpanFlags() {}
}
