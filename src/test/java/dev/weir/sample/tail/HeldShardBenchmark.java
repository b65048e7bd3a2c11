package dev.weir.sample.tail;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Nanoseconds a span to hold it and to forget it again, with 200,000 traces of 10 spans held all the time. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"-XX:MaxDirectMemorySize=4g", "-XX:+UseSerialGC"})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class HeldShardBenchmark {

    private static final int SPANS = 512;
    private static final int SHARDS = 8;
    private static final int SPANS_OF_TRACE = 10;
    private static final int SPAN_BYTES = 410;

    @Param({"200000"})
    public int traces;

    /** So many traces are under way at the same time: 1 means that a trace's spans come one after another. */
    @Param({"1", "10000"})
    public int abreast;

    private HeldFixture held = new HeldFixture(4 << 20, 1);
    private final byte[] request = HeldFixture.randomBytes(new Random(1), SPANS * SPAN_BYTES);
    private final long[] high = new long[SPANS];
    private final long[] hash = new long[SPANS];
    private int origin;
    private long came;
    private long dropped;

    @Setup
    public void fill() {
        Slabs.overwritesReturned = false;
        held = new HeldFixture(1L << 30, SHARDS);
        origin = held.origin("resource", "scope");
        while (came < (long) traces * SPANS_OF_TRACE) {
            hold();
        }
    }

    @Benchmark
    @OperationsPerInvocation(SPANS)
    public long holdAndForget() {
        hold();
        while (dropped < came / SPANS_OF_TRACE - traces) {
            long id = mix(dropped++);
            HeldShard shard = held.shards[shard(held.store.hash().of(id, ~id))];
            shard.drop(shard.table().find(id, ~id), Integer.MAX_VALUE);
        }
        return came;
    }

    private void hold() {
        for (int i = 0; i < SPANS; i++) {
            long n = came + i;
            long id = mix(n / ((long) abreast * SPANS_OF_TRACE) * abreast + n % abreast);
            high[i] = id;
            hash[i] = held.store.hash().of(id, ~id);
            held.reservation.add(shard(hash[i]), SPAN_BYTES);
        }
        if (!held.reservation.tryTake()) {
            throw new IllegalStateException("full");
        }
        for (int s = 0; s < SHARDS; s++) {
            HeldShard shard = held.shards[s];
            for (int i = 0; i < SPANS; i++) {
                if (shard(hash[i]) == s) {
                    long id = high[i];
                    int trace = shard.table().find(hash[i], id, ~id);
                    if (trace == TraceRecords.NONE) {
                        trace = shard.table().add(hash[i], id, ~id, 1, held.reservation);
                    }
                    shard.records().foldSpans(trace, came, came + i, 0, 0);
                    shard.records().words().foldBits(trace, 0, i);
                    shard.begin(trace, origin, false, SPAN_BYTES, held.reservation);
                    shard.put(request, i * SPAN_BYTES, (i + 1) * SPAN_BYTES, 0);
                    shard.end();
                }
            }
        }
        held.reservation.close();
        came += SPANS;
    }

    private static int shard(long idHash) {
        return (int) (idHash >>> 61);
    }

    private static long mix(long n) {
        long z = (n + 1) * 0x9e3779b97f4a7c15L;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        return z ^ z >>> 27;
    }
}
