package dev.weir.sample.ratio;

import dev.weir.otlp.SampleSpans;
import dev.weir.pipeline.Signal;
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

/** Nanoseconds a received span of 410 bytes with nine attributes and no trace state, 512 a request. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RatioStageBenchmark {

    private static final int SPANS = 512;
    private static final int REQUESTS = 16;

    @Param({"0.01", "0.1", "0.5", "0.99"})
    public double ratio;

    private final ItemSampler sampler = new ItemSampler();
    private final byte[][] requests = new byte[REQUESTS][];
    private RatioDecision decision = new RatioDecision(1, RatioConfig.Mode.EQUALIZING);
    private int next;

    @Setup
    public void write() {
        decision = new RatioDecision(ratio, RatioConfig.Mode.EQUALIZING);
        for (int i = 0; i < REQUESTS; i++) {
            requests[i] = SampleSpans.request(SPANS, i);
        }
    }

    @Benchmark
    @OperationsPerInvocation(SPANS)
    public int decide() {
        return sampler.plan(Signal.TRACES, requests[next++ % REQUESTS], decision);
    }

    @Benchmark
    @OperationsPerInvocation(SPANS)
    public byte[] decideAndWrite() {
        sampler.plan(Signal.TRACES, requests[next++ % REQUESTS], decision);
        return sampler.build();
    }
}
