/**
 * One queue, one sender and one retry for each destination.
 *
 * <p>{@link dev.weir.export.Exporters} reads the configuration and makes, for each destination, a {@code
 * QueuedDestination}: it admits batches by bytes, counts items, and hands each batch to the {@code Lane} of its signal on
 * the destination's event loop. The lane sends one request after the other through a {@code Transport} (gRPC or HTTP),
 * which answers with an {@code Outcome}; the lane settles the request or tries it again. The embedded store is in {@code
 * store}.
 */
@NullMarked
package dev.weir.export;

import org.jspecify.annotations.NullMarked;
