package dev.weir.sample.tail;

import static dev.weir.sample.tail.TailFixture.attribute;
import static dev.weir.sample.tail.TailFixture.span;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.weir.pipeline.Deadline;
import io.opentelemetry.proto.trace.v1.Span;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.Test;

/** A sampler that is busy while its policies change, and while it is stopped. */
final class TailLoadTest {

    private static final Logger LOG = Logger.getLogger(TailLoadTest.class);
    private static final String ERRORS = "- { name: errors, status: [error] }";
    private static final String FINE = "- { name: fine, not: { status: [error] } }";
    private static final String SLOW = "- { name: slow, latency: { at-least: 2s } }";

    @Test
    void shouldTearNoTraceWhenPoliciesChangeAllTheTimeUnderLoad() throws Exception {
        String many = "- { name: often, condition: \"spans.filter(s, s.attributes['n'] == '1').size() >= 2\" }\n"
                + "- { name: some, and: [ { not: { string: { key: n, values: ['7'] } } }, { ratio: 0.5 } ] }";
        Map<ByteString, Integer> taken = new ConcurrentHashMap<>();
        Semaphore requests = new Semaphore(0);
        AtomicBoolean stop = new AtomicBoolean();
        try (TailFixture tail = new TailFixture(many, TailFixture.settings(1, 1), 32 << 20, 4);
                ExecutorService senders = Executors.newFixedThreadPool(2)) {
            tail.stage.loop().start();
            List<Future<?>> ends = new ArrayList<>();
            for (int s = 0; s < 2; s++) {
                Random random = new Random(s);
                ends.add(senders.submit(() -> {
                    for (int r = 0; next(requests, stop); r++) {
                        List<Span> spans = new ArrayList<>();
                        for (int i = 0; i < 50; i++) {
                            long id = r * 5L + random.nextInt(40);
                            spans.add(span(id, new Random(id).nextLong(), 1 + i)
                                    .addAttributes(attribute("n", String.valueOf(random.nextInt(9))))
                                    .build());
                        }
                        if (tail.send(spans)) {
                            spans.forEach(span -> taken.merge(span.getTraceId(), 1, Integer::sum));
                        }
                    }
                    return null;
                }));
            }
            String[] policies = {ERRORS, many, SLOW + "\n" + many, FINE};
            for (int i = 0; i < 30; i++) {
                requests.release(200);
                tail.nanos.addAndGet(TailFixture.SECOND / 5);
                tail.reload(policies[i % policies.length]);
                await().pollInterval(Duration.ofMillis(1)).until(() -> requests.availablePermits() == 0);
            }
            stop.set(true);
            requests.release(2);
            for (Future<?> each : ends) {
                each.get(30, TimeUnit.SECONDS);
            }
            tail.stage.drain(Deadline.in(Duration.ofSeconds(60)));

            tail.assertConserved();
            Map<ByteString, List<Span>> kept = tail.next.traces();
            assertThat(kept).isNotEmpty().hasSizeLessThan(taken.size());
            kept.forEach((id, spans) -> assertThat(spans).hasSize(taken.get(id)));
        }
    }

    private static boolean next(Semaphore requests, AtomicBoolean stop) throws InterruptedException {
        return requests.tryAcquire(30, TimeUnit.SECONDS) && !stop.get();
    }

    @Test
    void shouldDecideTwoHundredThousandTracesBeforeTheDeadlineWithShortPauses() throws InterruptedException {
        int traces = 200_000;
        try (TailFixture tail = new TailFixture(FINE, TailFixture.settings(30, 30), 128 << 20, 16)) {
            tail.next.reads = false;
            for (int r = 0; r < traces / 500; r++) {
                List<Span> spans = new ArrayList<>();
                for (int i = 0; i < 500; i++) {
                    spans.add(span(r, i, 1).build());
                }
                assertThat(tail.send(spans)).isTrue();
            }
            assertThat(tail.stage.heldTraces()).isEqualTo(traces);
            AtomicBoolean stop = new AtomicBoolean();
            Histogram waits = new Histogram(3);
            Thread prober = Thread.ofPlatform().daemon().start(() -> {
                for (long id = 0; !stop.get(); id++) { // in one shard after another
                    long start = System.nanoTime();
                    tail.stage.isHeld(1, id);
                    waits.recordValue(System.nanoTime() - start);
                    LockSupport.parkNanos(100_000);
                }
            });
            long start = System.nanoTime();
            tail.stage.loop().start();

            tail.stage.drain(Deadline.in(Duration.ofSeconds(30)));

            long took = System.nanoTime() - start;
            stop.set(true);
            assertThat(prober.join(Duration.ofSeconds(10))).isTrue();
            LOG.infof(
                    "%d held traces decided in %d ms; wait for a shard: p99 %.2f, longest %.1f ms",
                    traces, took / 1_000_000, waits.getValueAtPercentile(99) / 1e6, waits.getMaxValue() / 1e6);
            assertThat(tail.next.items()).isEqualTo(traces);
            assertThat(tail.stage.decisions(Reason.SHUTDOWN)).isEqualTo(traces);
            assertThat(waits.getMaxValue()).isLessThan(TailFixture.SECOND);
        }
    }
}
