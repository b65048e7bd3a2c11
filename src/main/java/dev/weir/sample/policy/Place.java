package dev.weir.sample.policy;

/** Where an attribute stands. */
public enum Place {
    /** The default: the span's or its resource's, either will do. */
    SPAN_OR_RESOURCE,
    SPAN,
    RESOURCE,
    /** The instrumentation scope's. */
    SCOPE,
    /** Any of the span's events. */
    EVENT,
    /** Any of the span's links. */
    LINK
}
