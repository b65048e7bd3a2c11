package dev.weir.export.store;

/**
 * Spans of one trace that came together.
 *
 * @param head their resource and scope
 * @param spans {@code ScopeSpans.spans} fields, tags included; never changed
 */
record Fragment(Head head, byte[] spans) {

    long bytes() {
        return Footprint.FRAGMENT + spans.length;
    }
}
