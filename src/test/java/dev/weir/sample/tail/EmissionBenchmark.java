package dev.weir.sample.tail;

import java.nio.ByteBuffer;
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
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** Nanoseconds a kept span, from slabs of 256 KiB, ten spans a trace, each of another resource than the one before. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class EmissionBenchmark {

    private static final int SPANS = 10_000;
    private static final int SPAN_BYTES = 410;
    private static final int SLAB_BYTES = 256 << 10;
    private static final int TRACE_STATE_TAG = 0x1a;

    @Param({"0", "8"})
    public int thresholdDigit;

    @Param({"false", "true"})
    public boolean traceState;

    private final ByteBuffer[] slabs = new ByteBuffer[16];
    private final Origin[] origins = new Origin[3];
    private long sent;
    private final Emission emission = new Emission(512 << 10, (request, spans) -> sent += request.length);

    public EmissionBenchmark() {
        Random random = new Random(1);
        byte[] body = new byte[SPAN_BYTES];
        for (int i = 0; i < body.length; i += 41) { // ten fields of 41 bytes
            body[i] = 0x4a;
            body[i + 1] = 39;
        }
        body[0] = TRACE_STATE_TAG;
        body[1] = 39;
        byte[] state = "vendor=0123456789,other=abcdefghijklmno".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        System.arraycopy(state, 0, body, 2, state.length);
        for (int i = 0; i < slabs.length; i++) {
            slabs[i] = ByteBuffer.allocateDirect(SLAB_BYTES);
            for (int at = 0; at + SPAN_BYTES <= SLAB_BYTES; at += SPAN_BYTES) {
                slabs[i].put(at, body);
            }
        }
        for (int i = 0; i < origins.length; i++) {
            byte[] header = new byte[200];
            random.nextBytes(header);
            origins[i] = new Origin(i, new Origin(100 + i, null, i, header, 0, 0), i, new byte[40], 0, 0);
        }
    }

    @Benchmark
    @OperationsPerInvocation(SPANS)
    public void emit(Blackhole hole) {
        int perSlab = SLAB_BYTES / SPAN_BYTES;
        for (int i = 0; i < SPANS; i++) {
            if (i % 10 == 0) {
                emission.trace(-1L >>> 8, (long) thresholdDigit << 52, true, null);
            }
            emission.origin(origins[i % origins.length]);
            int at = i % perSlab * SPAN_BYTES;
            emission.span(slabs[i / perSlab % slabs.length], at, SPAN_BYTES, traceState);
        }
        emission.flush();
        hole.consume(sent);
    }
}
