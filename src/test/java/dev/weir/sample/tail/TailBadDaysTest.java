package dev.weir.sample.tail;

import static dev.weir.sample.tail.TailFixture.attribute;
import static dev.weir.sample.tail.TailFixture.span;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.weir.pipeline.Deadline;
import dev.weir.pipeline.Signal;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.Test;

/** What senders, clocks and operators do to a sampler on bad days. */
final class TailBadDaysTest {

    private static final Logger LOG = Logger.getLogger(TailBadDaysTest.class);
    private static final long HOUR = 3_600 * TailFixture.SECOND;
    private static final String ERRORS = "- { name: errors, status: [error] }";
    private static final String FINE = "- { name: fine, not: { status: [error] } }";
    private static final String SLOW = "- { name: slow, latency: { at-least: 2s } }";

    @Test
    void shouldDecideTraceOfVeryManySpansAndLetTheRestFollow() {
        TailSettings settings = new TailSettings(30, 30, 1L << 30, 1_000, false, 1 << 20, 1 << 20, 0, false);
        try (TailFixture tail = new TailFixture(FINE, settings, 16 << 20, 4)) {
            for (int r = 0; r < 60; r++) {
                sendOfOneTrace(tail, 100);
                tail.round();
                assertThat(tail.held()).isLessThan(1_000);
            }

            assertThat(tail.next.items()).isEqualTo(6_000);
            Explanation why = tail.stage.explain(1, 2);
            assertThat(why.reason()).isEqualTo(Reason.TOO_MANY_SPANS);
            assertThat(why.spans()).isEqualTo(1_000);
            assertThat(why.lateSpans()).isEqualTo(5_000);
        }
    }

    @Test
    void shouldBearOneIdForAllSpans() {
        TailSettings settings = new TailSettings(30, 30, 256 << 10, 100_000, false, 1 << 20, 1 << 20, 0, false);
        try (TailFixture tail = new TailFixture(ERRORS, settings, 16 << 20, 4)) {
            for (int r = 0; r < 100; r++) {
                sendOfOneTrace(tail, 200);
                if (r % 10 == 0) {
                    tail.tick(0.1);
                }
            }

            assertThat(tail.stage.decisions(Reason.TOO_BIG)).isEqualTo(1);
            assertThat(tail.ledger.read(Signal.TRACES).sampledOut()).isEqualTo(Map.of("none", 20_000L));
        }
    }

    @Test
    void shouldCountSpansWhoseTraceStateCannotBeWritten() {
        String policies = "- { name: half, ratio: 0.5 }";
        try (TailFixture tail = new TailFixture(policies, TailFixture.settings(5, 5), 16 << 20, 4)) {
            tail.send(span(1, -1, 1).setTraceState("ot=th:zz").build());
            tail.tick(7);

            assertThat(tail.next.spans())
                    .singleElement()
                    .satisfies(span -> assertThat(span.getTraceState()).isEqualTo("ot=th:zz"));
            assertThat(tail.ledger.read(Signal.TRACES).irregular()).isEqualTo(Map.of("th_unwritable", 1L));
        }
    }

    @Test
    void shouldExplainWhatNoDiceCouldHaveKept() {
        try (TailFixture tail = new TailFixture(ERRORS, TailFixture.settings(5, 5), 16 << 20, 4)) {
            tail.send(span(1, 1, 1).build());
            tail.tick(7);

            Explanation why = tail.stage.explain(1, 1);
            assertThat(why.policy()).isEqualTo("none");
            assertThat(why.reason()).isEqualTo(Reason.WAIT_OVER);
            assertThat(why.probability()).isZero();
        }
    }

    private static void sendOfOneTrace(TailFixture tail, int count) {
        List<Span> spans = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            spans.add(span(1, 2, 3).build());
        }
        assertThat(tail.send(spans)).isTrue();
    }

    @Test
    void shouldSpreadIdsThatAreChosenAlike() {
        try (TailFixture tail = new TailFixture(FINE, TailFixture.settings(5, 5), 32 << 20, 4)) {
            for (int r = 0; r < 40; r++) {
                List<Span> spans = new ArrayList<>();
                for (int i = 0; i < 500; i++) {
                    spans.add(span((r * 500L + i) << 40, 1L << 63, 1).build());
                }
                tail.send(spans);
            }

            assertThat(tail.stage.heldTraces()).isEqualTo(20_000);
            TreeSet<Integer> sizes = new TreeSet<>();
            for (int i = 0; i < 64; i++) {
                sizes.add(tail.stage.shardOf(i, i).traces());
            }
            assertThat(sizes.first()).isGreaterThan(4_700);
            assertThat(sizes.last()).isLessThan(5_300);
            tail.tick(10);
            assertThat(tail.next.items()).isEqualTo(20_000);
        }
    }

    @Test
    void shouldDecideByArrivalWhateverTheClocksSay() {
        try (TailFixture tail = new TailFixture(SLOW, TailFixture.settings(5, 5), 16 << 20, 4)) {
            tail.send(skewed(1, HOUR), skewed(2, -HOUR), skewed(3, 0));
            tail.send(skewed(4, HOUR), skewed(4, -HOUR));
            tail.tick(4.9);
            assertThat(tail.held()).as("but for what is slow for certain").isEqualTo(3);
            tail.tick(1.2);

            assertThat(tail.held()).isZero();
            assertThat(tail.next.spans())
                    .hasSize(2)
                    .allSatisfy(span -> assertThat(span.getTraceId()).isEqualTo(TailFixture.traceId(4, 4)));
        }
    }

    private static Span skewed(long trace, long by) {
        Span span = span(trace, trace, 1).build();
        return span.toBuilder()
                .setStartTimeUnixNano(span.getStartTimeUnixNano() + by)
                .setEndTimeUnixNano(span.getEndTimeUnixNano() + by)
                .build();
    }

    @Test
    void shouldTakeSpanThatEndsBeforeItStartsAsZeroLong() {
        try (TailFixture tail = new TailFixture(SLOW, TailFixture.settings(5, 5), 16 << 20, 4)) {
            tail.send(span(1, 1, 1)
                    .setStartTimeUnixNano(10 * TailFixture.SECOND)
                    .setEndTimeUnixNano(TailFixture.SECOND)
                    .build());
            tail.send(
                    span(2, 2, 1).setStartTimeUnixNano(-1).setEndTimeUnixNano(0).build());
            tail.tick(7);

            assertThat(tail.ledger.read(Signal.TRACES).sampledOut()).isEqualTo(Map.of("none", 2L));
        }
    }

    @Test
    void shouldGoThroughTheStepsOfOverloadInFloodOfOneSpanTracesAndBack() {
        String padding = "x".repeat(1000);
        TreeSet<Integer> steps = new TreeSet<>();
        long refused = 0;
        try (TailFixture tail = new TailFixture(FINE, TailFixture.settings(30, 30), 4 << 20, 4)) {
            for (int i = 0; i < 30_000; i++) {
                Span span = span(i, new Random(i).nextLong(), 1)
                        .addAttributes(attribute("padding", padding))
                        .build();
                refused += tail.send(span) ? 0 : 1;
                if (i % 30 == 0) {
                    tail.nanos.addAndGet(TailFixture.SECOND / 10);
                    tail.stage.loop().round();
                    steps.add(tail.stage.overload());
                }
            }
            tail.assertConserved();
            assertThat(tail.received()).isEqualTo(30_000 - refused);
            assertThat(steps).contains(0, 1, 2);
            assertThat(tail.ledger.read(Signal.TRACES).sampledOut()).containsKey(TailStage.OVERLOAD);
            for (int i = 0; i < 400 && tail.stage.overload() > 0; i++) {
                tail.tick(0.1);
            }
            assertThat(tail.stage.overload()).isZero();
        }
    }

    @Test
    void shouldRefuseWhenTheBufferIsFullAndTakeAgainWhenItIsNot() {
        String padding = "x".repeat(4000);
        try (TailFixture tail = new TailFixture(ERRORS, TailFixture.settings(30, 30), 4 << 20, 4)) {
            int sent = 0;
            while (tail.send(span(1, sent, 1)
                    .addAttributes(attribute("padding", padding))
                    .build())) {
                assertThat(++sent).isLessThan(2_000);
            }
            tail.assertConserved();
            assertThat(tail.held()).isEqualTo(sent);

            tail.stage.loop().round();

            assertThat(tail.stage.overload()).isEqualTo(Overload.REFUSE);
            assertThat(tail.stage.decisions(Reason.MEMORY)).isPositive();
            tail.round();
            assertThat(tail.send(span(1, sent, 1).build())).isTrue();
        }
    }

    @Test
    void shouldKeepFailingSpanThatComesFiveSecondsAfterTheRoot() {
        try (TailFixture tail = new TailFixture(ERRORS, TailFixture.settings(30, 7), 16 << 20, 4)) {
            tail.nanos.addAndGet(900_000_000);
            tail.send(span(1, 1, 1).build());
            tail.tick(5);
            tail.send(span(1, 1, 2)
                    .setParentSpanId(TailFixture.spanId(1))
                    .setStatus(Status.newBuilder().setCodeValue(2))
                    .build());
            tail.send(span(2, 2, 1).build());
            tail.tick(3);

            assertThat(tail.next.items()).isEqualTo(2);
            assertThat(tail.held()).isEqualTo(1);
        }
    }

    @Test
    void shouldDecideAnewWhatComesAfterTheDecisionWasForgotten() {
        TailSettings settings = new TailSettings(5, 5, 1 << 20, 100_000, false, 64, 1 << 20, 0, false);
        try (TailFixture tail = new TailFixture(ERRORS, settings, 16 << 20, 1)) {
            tail.send(
                    span(1, 1, 1).setStatus(Status.newBuilder().setCodeValue(2)).build());
            tail.tick(1);
            for (int i = 2; i < 50; i++) {
                tail.send(span(i, i, 1).build());
            }
            tail.tick(10);

            tail.send(span(1, 1, 2).build());
            assertThat(tail.held()).isEqualTo(1);
            tail.tick(10);

            assertThat(tail.next.items()).isEqualTo(1);
            assertThat(tail.ledger.read(Signal.TRACES).sampledOut()).isEqualTo(Map.of("none", 49L));
            assertThat(tail.stage.shardOf(1, 1).remembered.forgotten()).isPositive();
        }
    }

    @Test
    void shouldTearNoTraceWhenPoliciesChangeAllTheTimeUnderLoad() throws Exception {
        String many = "- { name: often, condition: \"spans.filter(s, s.attributes['n'] == '1').size() >= 2\" }\n"
                + "- { name: some, and: [ { not: { string: { key: n, values: ['7'] } } }, { ratio: 0.5 } ] }";
        Map<ByteString, Integer> taken = new ConcurrentHashMap<>();
        AtomicBoolean stop = new AtomicBoolean();
        try (TailFixture tail = new TailFixture(many, TailFixture.settings(1, 1), 32 << 20, 4);
                ExecutorService senders = Executors.newFixedThreadPool(2)) {
            tail.stage.loop().start();
            List<Future<?>> ends = new ArrayList<>();
            for (int s = 0; s < 2; s++) {
                Random random = new Random(s);
                ends.add(senders.submit(() -> {
                    for (int r = 0; !stop.get(); r++) {
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
                        LockSupport.parkNanos(500_000);
                    }
                }));
            }
            String[] policies = {ERRORS, many, SLOW + "\n" + many, FINE};
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(3);
            for (int i = 0; System.nanoTime() < end; i++) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
                tail.nanos.addAndGet(TailFixture.SECOND / 5);
                tail.reload(policies[i % policies.length]);
            }
            stop.set(true);
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

    @Test
    void shouldDecideTwoHundredThousandTracesBeforeTheDeadlineWithShortPauses() {
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
            long[] longest = {0};
            Thread prober = Thread.ofPlatform().start(() -> {
                while (!stop.get()) {
                    long start = System.nanoTime();
                    tail.stage.isHeld(1, longest[0]);
                    longest[0] = Math.max(longest[0], System.nanoTime() - start);
                    LockSupport.parkNanos(100_000);
                }
            });
            long start = System.nanoTime();
            tail.stage.loop().start();

            tail.stage.drain(Deadline.in(Duration.ofSeconds(30)));

            long took = System.nanoTime() - start;
            stop.set(true);
            join(prober);
            LOG.infof(
                    "%d held traces decided in %d ms; longest wait for a shard %.1f ms",
                    traces, took / 1_000_000, longest[0] / 1e6);
            assertThat(tail.next.items()).isEqualTo(traces);
            assertThat(tail.stage.decisions(Reason.SHUTDOWN)).isEqualTo(traces);
            assertThat(longest[0]).isLessThan(TailFixture.SECOND);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
