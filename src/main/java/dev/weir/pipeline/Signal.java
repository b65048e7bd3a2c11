package dev.weir.pipeline;

import dev.weir.otlp.RequestType;

/** The three signals of OTLP. Names are those of the {@code /v1/<signal>} paths and of the metrics' {@code signal} label. */
public enum Signal {
    TRACES("traces", "spans", RequestType.TRACES),
    METRICS("metrics", "data points", RequestType.METRICS),
    LOGS("logs", "log records", RequestType.LOGS);

    private final String label;
    private final String items;
    private final RequestType requestType;

    Signal(String label, String items, RequestType requestType) {
        this.label = label;
        this.items = items;
        this.requestType = requestType;
    }

    /** Lower-case name: {@code traces}, {@code metrics} or {@code logs}. */
    public String label() {
        return label;
    }

    /** What one item of the signal is called, in the plural: spans, data points, log records. */
    public String items() {
        return items;
    }

    /** Which request the signal's bytes are. */
    public RequestType requestType() {
        return requestType;
    }
}
