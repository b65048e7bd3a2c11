package dev.weir.otlp;

import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Nanoseconds a span, 512 a request, a different request each time: what a view alone takes, and a base for more. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public abstract class ViewBenchmark {

    protected static final int SPANS = 512;

    protected final TraceView view = new TraceView();
    private final byte[][] requests = new byte[4][];
    private int next;

    /** @param request makes the one of a number */
    protected final void fill(IntFunction<byte[]> request) {
        for (int i = 0; i < requests.length; i++) {
            requests[i] = request.apply(i);
        }
    }

    protected final byte[] nextRequest() {
        return requests[next++ % requests.length];
    }

    @Benchmark
    @OperationsPerInvocation(SPANS)
    public long view() {
        long sum = 0;
        view.reset(nextRequest());
        while (view.next()) {
            sum += view.span().traceIdLow()
                    ^ view.span().endNanos() - view.span().startNanos()
                    ^ view.span().statusCode();
        }
        return sum;
    }
}
