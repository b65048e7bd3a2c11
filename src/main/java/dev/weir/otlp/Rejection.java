package dev.weir.otlp;

/**
 * Why an item is left out of a request that is otherwise taken. A Collector refuses a whole request with an id of a wrong
 * size, so such an item would take those it is merged with along.
 */
public enum Rejection {
    INVALID_TRACE_ID("invalid_trace_id", "spans with an invalid trace id"),
    INVALID_SPAN_ID("invalid_span_id", "spans with an invalid span id"),
    INVALID_PARENT_SPAN_ID("invalid_parent_span_id", "spans with an invalid parent span id"),
    INVALID_LINK("invalid_link", "spans with an invalid id in a link"),
    INVALID_LOG_ID("invalid_log_id", "log records with an invalid trace or span id");

    private final String label;
    private final String description;

    Rejection(String label, String description) {
        this.label = label;
        this.description = description;
    }

    /** The {@code reason} of metrics. */
    public String label() {
        return label;
    }

    /** What was rejected, to follow a number. */
    public String description() {
        return description;
    }
}
