package dev.weir.sample.tail;

import static dev.weir.sample.tail.TailFixture.attribute;
import static dev.weir.sample.tail.TailFixture.span;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.weir.pipeline.Deadline;
import dev.weir.pipeline.Ledger;
import dev.weir.pipeline.Signal;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Several senders, decisions, reloads, shortage of memory and the end at once, in whatever order the threads make of it. */
final class TailConcurrencyPropertyTest {

    private static final int SENDERS = 3;
    private static final int REQUESTS = 150;
    private static final String[] POLICIES = {
        "- { name: errors, status: [error] }\n- { name: rest, ratio: 0.5 }",
        "- { name: many, span-count: { at-least: 12 } }\n"
                + "- { name: often, condition: \"spans.filter(s, s.attributes['n'] == '1').size() >= 2\" }",
        "- { name: fine, not: { status: [error] } }"
    };

    /** What was refused or lost is known to the senders, or counted; what was kept is whole. */
    @Property(tries = 20)
    void shouldLoseNothingUncountedWhenItEndsInTheMiddle(@ForAll long seed) throws Exception {
        Random random = new Random(seed);
        boolean isTight = random.nextBoolean();
        boolean drains = random.nextBoolean();
        int compressAfter = random.nextBoolean() ? 1 : 0;
        TailSettings settings = new TailSettings(2, 1, 64 << 10, 60, false, 1 << 20, 1 << 16, compressAfter, false);
        Map<ByteString, Integer> taken = new ConcurrentHashMap<>();
        AtomicInteger sent = new AtomicInteger();
        int endsAfter = random.nextInt(SENDERS * REQUESTS);
        TailFixture tail = new TailFixture(POLICIES[0], settings, isTight ? 1 << 20 : 32 << 20, 4);
        try (ExecutorService threads = Executors.newFixedThreadPool(SENDERS)) {
            tail.stage.loop().start();
            List<Future<?>> ends = new ArrayList<>();
            for (int s = 0; s < SENDERS; s++) {
                long of = seed + s;
                ends.add(threads.submit(() -> send(tail, new Random(of), taken, sent)));
            }
            while (sent.get() < endsAfter) {
                tail.nanos.addAndGet(random.nextLong(TailFixture.SECOND / 10));
                if (random.nextInt(50) == 0) {
                    tail.reload(POLICIES[random.nextInt(POLICIES.length)]);
                }
                tail.next.refusals = random.nextInt(20) == 0 ? 2 : 0;
                Thread.onSpinWait();
            }
            tail.next.refusals = 0;
            if (drains) {
                for (Future<?> end : ends) {
                    end.get(60, TimeUnit.SECONDS);
                }
                tail.stage.drain(Deadline.in(Duration.ofSeconds(60)));
            }
            tail.stage.close();
            for (Future<?> end : ends) {
                end.get(60, TimeUnit.SECONDS);
            }
        }

        tail.assertConserved();
        assertThat(tail.stage.heldSpans()).isZero();
        Ledger.Counts ledger = tail.ledger.read(Signal.TRACES);
        int all = taken.values().stream().mapToInt(Integer::intValue).sum();
        assertThat(ledger.received()).isEqualTo(all);
        assertThat(tail.next.items()).isEqualTo(ledger.delivered());
        if (drains) {
            tail.next.traces().forEach((id, spans) -> assertThat(spans).hasSize(taken.get(id)));
        }
    }

    private static Void send(TailFixture tail, Random random, Map<ByteString, Integer> taken, AtomicInteger sent) {
        for (int r = 0; r < REQUESTS; r++) {
            List<Span> spans = new ArrayList<>();
            for (int n = random.nextInt(20); n >= 0; n--) {
                long trace = r / 5 * 10L + random.nextInt(20);
                spans.add(span(trace, new Random(trace).nextLong(), random.nextLong() | 1)
                        .addAttributes(attribute("n", String.valueOf(random.nextInt(5))))
                        .addAttributes(attribute("padding", "x".repeat(random.nextInt(300))))
                        .setStatus(Status.newBuilder().setCodeValue(random.nextInt(12) == 0 ? 2 : 0))
                        .build());
            }
            if (tail.send(spans)) {
                spans.forEach(span -> taken.merge(span.getTraceId(), 1, Integer::sum));
            }
            sent.incrementAndGet();
        }
        return null;
    }
}
