package dev.weir.sample.tail;

import java.util.Locale;

/** Why a trace was decided when it was. */
public enum Reason {
    /** {@code decision-wait} was over. */
    WAIT_OVER,
    /** {@code decision-wait-after-root} was over, and that earlier than {@code decision-wait}. */
    ROOT_WAIT_OVER,
    /** No span that could still come would change the decision. */
    CERTAIN,
    /** {@code max-trace-size} was reached. */
    TOO_BIG,
    /** {@code max-trace-spans} was reached. */
    TOO_MANY_SPANS,
    /** The buffer was filling up: the oldest traces were decided before their time. */
    MEMORY,
    /** The process was stopping. */
    SHUTDOWN;

    /** In lower case, as in the API and in labels of metrics. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
