/**
 * The embedded store: traces kept in memory, bounded in bytes, oldest out first, searched by an index.
 *
 * <p>Read {@link dev.weir.export.store.TraceStore} first: it locks; {@code Segments} evicts. {@code IndexQueue}
 * counts what comes and has it indexed by one thread. A store is a row of segments, each
 * with the traces that arrived together and the index of what they contain; {@code TermIndex} leads from a term's hash
 * to candidates, and {@code SpanMatcher} reads the candidates' bytes for the truth. Nothing is an object of its own per
 * span or trace: a segment holds columns and chunks, which go from the oldest segment to the newest.
 */
@NullMarked
package dev.weir.export.store;

import org.jspecify.annotations.NullMarked;
