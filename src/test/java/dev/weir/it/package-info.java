/**
 * The packaged application against real peers: {@link dev.weir.it.WeirProcess} starts it as it is shipped (the JVM
 * package, or the native executable given by {@code -Dweir.native=path}), {@link dev.weir.it.Peers} starts Jaeger,
 * Prometheus, the Collector and Envoy on free ports. A test whose peer is missing is skipped with the reason, or fails with
 * {@code -Dweir.peers=required}.
 */
@NullMarked
package dev.weir.it;

import org.jspecify.annotations.NullMarked;
