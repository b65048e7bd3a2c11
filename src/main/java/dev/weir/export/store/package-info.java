/**
 * The embedded store: traces kept in memory, bounded in bytes, oldest out first, searched by an index.
 *
 * <p>Read {@link dev.weir.export.store.TraceStore} first: it locks and evicts. {@code IndexQueue}
 * counts what comes and has it indexed by one thread. A store is a row of segments, each
 * with the traces that arrived together and the index of what they contain; {@code TermIndex} leads from a term's hash
 * to candidates, and {@code SpanMatcher} reads the candidates' bytes for the truth.
 */
@NullMarked
package dev.weir.export.store;

import org.jspecify.annotations.NullMarked;
