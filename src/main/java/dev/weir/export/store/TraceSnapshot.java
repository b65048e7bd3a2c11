package dev.weir.export.store;

import java.util.List;

/**
 * A trace, copied out of the store: what a reader may use outside the lock. In the order that its spans came in.
 *
 * @param truncated whether what came later was left out
 */
record TraceSnapshot(TraceId id, List<Fragment> fragments, boolean truncated) {}
