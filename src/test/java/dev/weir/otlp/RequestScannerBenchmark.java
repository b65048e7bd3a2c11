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

/** Nanoseconds a span of 410 bytes with nine attributes, 512 a request, a different request each time. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RequestScannerBenchmark {

    private static final int SPANS = 512;
    private static final int REQUESTS = 4;

    /** As SDKs write, or last field first as the Collector does. */
    @Param({"false", "true"})
    public boolean reversed;

    private final RequestScanner scanner = new RequestScanner();
    private final TraceView view = new TraceView();
    private final byte[][] requests = new byte[REQUESTS][];
    private int next;

    @Setup
    public void write() {
        for (int i = 0; i < REQUESTS; i++) {
            byte[] request = SampleSpans.request(SPANS, i);
            requests[i] = reversed
                    ? GeneratedRequests.reversed(
                            request,
                            GeneratedRequests.prototype(RequestType.TRACES).getDescriptorForType())
                    : request;
        }
    }

    @Benchmark
    @OperationsPerInvocation(SPANS)
    public int scan() throws OtlpFormatException {
        return scanner.scan(RequestType.TRACES, requests[next++ % REQUESTS]);
    }

    @Benchmark
    @OperationsPerInvocation(SPANS)
    public long view() {
        long sum = 0;
        view.reset(requests[next++ % REQUESTS]);
        while (view.next()) {
            sum += view.traceIdLow() ^ view.endNanos() - view.startNanos() ^ view.statusCode();
        }
        return sum;
    }
}
