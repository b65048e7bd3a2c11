package dev.weir.otlp;

/** Which of the three {@code Export…ServiceRequest} messages some bytes are. */
public enum RequestType {
    /** {@code ExportTraceServiceRequest}; its items are spans. */
    TRACES,
    /** {@code ExportMetricsServiceRequest}; its items are data points. */
    METRICS,
    /** {@code ExportLogsServiceRequest}; its items are log records. */
    LOGS
}
