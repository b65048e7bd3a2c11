package dev.weir.export.store;

/**
 * Spans of one trace that came together, copied out of the store.
 *
 * @param head their resource and scope
 * @param spans {@code ScopeSpans.spans} fields, tags included
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Fragment(Head head, byte[] spans) {}
