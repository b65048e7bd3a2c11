package dev.weir.enrich.senders;

import dev.weir.pipeline.Sender.Protocol;
import dev.weir.pipeline.Signal;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Nanoseconds to count a request: of one of a thousand senders, and of a made-up name when the table is full. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class SendersBenchmark {

    private static final long NOON = 1_763_700_000_000L;

    private final Senders senders = new Senders(Senders.MOST);
    private final SenderKey[] known = new SenderKey[Senders.MOST];
    private final SenderKey[] madeUp = new SenderKey[1 << 16];
    private int next;

    @Setup
    public void fill() {
        for (int i = 0; i < known.length; i++) {
            known[i] = SenderKey.verified("spiffe://cluster.local/ns/shop/sa/sender-" + i, false);
            note(known[i], NOON);
        }
        for (int i = 0; i < madeUp.length; i++) {
            madeUp[i] = SenderKey.claimed("shop", "made-up-" + i, null);
        }
    }

    @Benchmark
    public void known() {
        note(known[next++ % known.length], NOON + (next >> 12));
    }

    @Benchmark
    public void madeUp() {
        note(madeUp[next++ % madeUp.length], NOON + (next >> 12));
    }

    private void note(SenderKey key, long now) {
        senders.note(key, Protocol.GRPC, Signal.TRACES, 5, 4500, false, now);
    }
}
