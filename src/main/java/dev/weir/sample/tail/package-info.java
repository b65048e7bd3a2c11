/**
 * Tail sampling: holds traces until they are decided. Spans' bytes lie off the heap in slabs, what is known of each trace in
 * a table; nothing is an object for a span or a trace.
 */
@NullMarked
package dev.weir.sample.tail;

import org.jspecify.annotations.NullMarked;
