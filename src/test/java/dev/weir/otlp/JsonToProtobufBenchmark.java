package dev.weir.otlp;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Speed of transcoding JSON, in MB of text a second on one core: the counter {@code megabytes}. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class JsonToProtobufBenchmark {

    /** Spans of a request, or points, or records; 9 attributes each. */
    @Param({"5", "100", "512"})
    public int items;

    @Param
    public RequestType type;

    private byte[] json = new byte[0];

    @State(Scope.Thread)
    @AuxCounters
    public static class Counters {
        public double megabytes;

        @Setup(Level.Iteration)
        public void reset() {
            megabytes = 0;
        }
    }

    @Setup
    public void write() throws Exception {
        byte[] request = TypicalRequests.of(type, items).toByteArray();
        json = JsonToProtobufInteropTest.json(type, request);
    }

    @Benchmark
    public byte[] transcode(Counters counters) throws OtlpFormatException {
        counters.megabytes += json.length / 1e6;
        return JsonToProtobuf.transcode(type, json, 0, json.length);
    }
}
