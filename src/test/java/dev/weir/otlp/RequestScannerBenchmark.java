package dev.weir.otlp;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** Nanoseconds a span of 410 bytes with nine attributes, 512 a request, a different request each time. */
public class RequestScannerBenchmark extends ViewBenchmark {

    /** As SDKs write, or last field first as the Collector does. */
    @Param({"false", "true"})
    public boolean reversed;

    private final RequestScanner scanner = new RequestScanner();

    @Setup
    public void write() {
        fill(i -> {
            byte[] request = SampleSpans.request(SPANS, i);
            return reversed
                    ? GeneratedRequests.reversed(
                            request,
                            GeneratedRequests.prototype(RequestType.TRACES).getDescriptorForType())
                    : request;
        });
    }

    @Benchmark
    @OperationsPerInvocation(SPANS)
    public int scan() throws OtlpFormatException {
        return scanner.scan(RequestType.TRACES, nextRequest());
    }
}
