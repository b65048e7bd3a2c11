package dev.weir.otlp;

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

/** Nanoseconds a span to scan requests, merge them and build a batch of 1,280 spans: the passthrough. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RequestMergerBenchmark {

    /** About 512 KiB, a batch's default size. */
    private static final int BATCH = 1280;

    /** Spans a request: Envoy sends 5, an SDK 512. */
    @Param({"5", "128", "640"})
    public int spans;

    private final RequestScanner scanner = new RequestScanner();
    private final RequestMerger merger = new RequestMerger(RequestType.TRACES);
    private byte[][] requests = {};

    @Setup
    public void write() {
        requests = new byte[BATCH / spans][];
        for (int i = 0; i < requests.length; i++) {
            requests[i] = SampleSpans.request(spans, i);
        }
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public byte[] scanMergeAndBuild() throws OtlpFormatException {
        for (byte[] request : requests) {
            merger.add(request, scanner.scan(RequestType.TRACES, request));
        }
        return merger.build().toArray();
    }
}
