/**
 * What {@code load-tests/bench} runs: gateways under a fixed load, measured beside each other.
 *
 * <p>{@link dev.weir.bench.Traffic} makes requests out of {@link dev.weir.bench.Template}s by writing new ids into them;
 * {@link dev.weir.bench.Senders} puts them on {@link dev.weir.bench.GrpcSender} or {@link dev.weir.bench.HttpSender}
 * connections; the gateway, a {@link dev.weir.bench.GatewayProcess}, sends what it makes of them to the
 * {@link dev.weir.bench.Sink}, which finds the ids with {@link dev.weir.bench.OtlpScan} and adds them up in a
 * {@link dev.weir.bench.Tally}. All of this is one thread, the {@link dev.weir.bench.Loop}, so that it shares a core with
 * nothing but itself. {@link dev.weir.bench.Block} is one measurement; {@link dev.weir.bench.Bench} puts blocks together.
 */
@NullMarked
package dev.weir.bench;

import org.jspecify.annotations.NullMarked;
