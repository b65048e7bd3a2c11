package dev.weir.sample.tail;

import dev.weir.otlp.SampleSpans;
import dev.weir.otlp.SpanCursor;
import dev.weir.pipeline.Ack;
import dev.weir.pipeline.Deadline;
import dev.weir.pipeline.Ledger;
import dev.weir.pipeline.MemoryBudget;
import dev.weir.pipeline.Payload;
import dev.weir.pipeline.Refusal;
import dev.weir.pipeline.Sender;
import dev.weir.pipeline.Signal;
import dev.weir.pipeline.Stage;
import dev.weir.sample.policy.Rules;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
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

/**
 * Nanoseconds a span to hold it, to decide, and to write the tenth that is kept, at 60,000 spans a second of the stage's
 * own clock and a wait of five of these seconds: 300,000 to 360,000 spans are held all the time.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"-XX:MaxDirectMemorySize=4g", "-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders"})
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class TailStageBenchmark {

    private static final int SPANS = 500;
    private static final int SPANS_OF_TRACE = 10;
    private static final int SPANS_A_SECOND = 60_000;
    private static final long SECOND = 1_000_000_000;
    private static final long BUFFER = 1L << 30;
    private static final Sender SENDER = new Sender(Sender.Protocol.GRPC, null, "test:1", 1);

    /** In a request. */
    @Param({"500", "100", "5"})
    public int spans;

    /** Whether the spans of a trace come in as many requests of other pods. */
    @Param({"false", "true"})
    public boolean scattered;

    private final Ledger ledger = new Ledger();
    private final AtomicLong clock = new AtomicLong();
    private final byte[][] requests = new byte[SPANS_OF_TRACE][];
    private final int[][] idsAt = new int[SPANS_OF_TRACE][];
    private TailStage stage = stage();
    private long came;
    private long nextRound;

    private TailStage stage() {
        TailSettings settings = new TailSettings(5, 5, 16 << 20, 100_000, false, 4 << 20, 400 << 10, 0, false);
        Rules rules = TailFixture.rules(
                "- { name: errors, status: [error] }\n- { name: slow, latency: { at-least: 5s } }\n- { name: tenth, ratio: 0.1 }",
                null);
        MemoryBudget budget = new MemoryBudget(BUFFER + (64 << 20), 0, 0, BUFFER);
        return new TailStage(settings, BUFFER, 16, () -> rules, budget, ledger, new Next(), clock::get);
    }

    @Setup
    public void write() {
        Slabs.overwritesReturned = false;
        stage = stage();
        SpanCursor cursor = new SpanCursor();
        for (int i = 0; i < SPANS_OF_TRACE; i++) {
            requests[i] = SampleSpans.request(spans, i);
            idsAt[i] = new int[spans];
            cursor.reset(requests[i]);
            for (int s = 0; cursor.next(); s++) {
                idsAt[i][s] = cursor.from() + 2; // the first field is the id
            }
        }
        while (came < 7L * SPANS_A_SECOND) {
            holdAndDecide();
        }
    }

    @Benchmark
    @OperationsPerInvocation(SPANS)
    public long holdAndDecide() {
        for (int i = 0; i < SPANS; i += spans) {
            stage.accept(new Payload(Signal.TRACES, next(), spans, SENDER, 0, new Accepted()));
        }
        clock.addAndGet(SPANS * SECOND / SPANS_A_SECOND);
        if (clock.get() >= nextRound) {
            nextRound = clock.get() + SECOND / 10;
            boolean more = true;
            while (more) {
                more = stage.loop().round();
            }
        }
        return came;
    }

    private byte[] next() {
        int which = (int) (came / spans % SPANS_OF_TRACE);
        ByteBuffer request = ByteBuffer.wrap(requests[which]);
        for (int i = 0; i < spans; i++) {
            long trace = scattered ? came / spans / SPANS_OF_TRACE * spans + i : (came + i) / SPANS_OF_TRACE;
            long id = mix(trace);
            request.putLong(idsAt[which][i], id).putLong(idsAt[which][i] + Long.BYTES, ~id);
        }
        came += spans;
        return requests[which];
    }

    private static long mix(long n) {
        long z = (n + 1) * 0x9e3779b97f4a7c15L;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        return z ^ z >>> 27;
    }

    private static final class Accepted extends Ack {
        @Override
        protected void onAccepted() {
            // as expected
        }

        @Override
        protected void onRefused(Refusal refusal) {
            throw new IllegalStateException(refusal.message());
        }
    }

    private static final class Next implements Stage {
        @Override
        public void accept(Payload payload) {
            payload.ack().accept();
        }

        @Override
        public void drain(Deadline deadline) {
            // nothing is held here
        }
    }
}
