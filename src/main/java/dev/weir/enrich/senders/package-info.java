/**
 * Who sends how much of what: {@link dev.weir.enrich.senders.Senders} counts each request under a {@link
 * dev.weir.enrich.senders.SenderKey}, in a table that hostile names can neither fill up nor grow.
 */
@NullMarked
package dev.weir.enrich.senders;

import org.jspecify.annotations.NullMarked;
