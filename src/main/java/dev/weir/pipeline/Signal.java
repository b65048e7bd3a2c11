package dev.weir.pipeline;

/** The three signals of OTLP. Names are those of the {@code /v1/<signal>} paths and of the metrics' {@code signal} label. */
public enum Signal {
    TRACES("traces", "spans"),
    METRICS("metrics", "data points"),
    LOGS("logs", "log records");

    private final String label;
    private final String items;

    Signal(String label, String items) {
        this.label = label;
        this.items = items;
    }

    /** Lower-case name: {@code traces}, {@code metrics} or {@code logs}. */
    public String label() {
        return label;
    }

    /** What one item of the signal is called, in the plural: spans, data points, log records. */
    public String items() {
        return items;
    }
}
