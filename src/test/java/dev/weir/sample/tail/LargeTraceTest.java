package dev.weir.sample.tail;

import static dev.weir.sample.tail.TailFixture.attribute;
import static dev.weir.sample.tail.TailFixture.span;
import static dev.weir.sample.tail.TailFixture.spanId;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.pipeline.Signal;
import io.opentelemetry.proto.trace.v1.Span;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Traces so large that others must not wait while they are read again. */
final class LargeTraceTest {

    private static final Logger LOG = Logger.getLogger(LargeTraceTest.class);
    private static final String ERRORS = "- { name: errors, status: [error] }";
    private static final String FIRST = "- { name: first, string: { key: nth, values: [first] } }";

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void shouldDecideALargeTraceByTheNewPoliciesWhileItGrows(int compressAfter) throws InterruptedException {
        int spans = 100_000;
        try (TailFixture tail = new TailFixture(ERRORS, settings(compressAfter), 64 << 20, 1)) {
            tail.next.reads = false;
            tail.send(span(1, 1, 1).addAttributes(attribute("nth", "first")).build());
            for (int r = 0; r < spans / 1_000; r++) {
                tail.send(spansOf(1, 1_000));
            }
            tail.tick(3); // some of it is compressed by now, if it ever is
            tail.reload(FIRST);
            AtomicBoolean stop = new AtomicBoolean();
            long[] longest = {0};
            int[] late = {0};
            Thread sender = Thread.ofPlatform().daemon().start(() -> {
                while (!stop.get()) {
                    long start = System.nanoTime();
                    late[0] += tail.send(spansOf(1, 1)) ? 1 : 0;
                    longest[0] = Math.max(longest[0], System.nanoTime() - start);
                    LockSupport.parkNanos(200_000);
                }
            });
            long start = System.nanoTime();

            tail.tick(7);

            long took = System.nanoTime() - start;
            stop.set(true);
            assertThat(sender.join(Duration.ofSeconds(10))).isTrue();
            LOG.infof(
                    "a trace of %d spans scanned again and passed on in %d ms; longest request meanwhile %.1f ms",
                    spans, took / 1_000_000, longest[0] / 1e6);
            tail.round();
            assertThat(tail.next.items()).as("whole, with what came meanwhile").isEqualTo(spans + 1L + late[0]);
            assertThat(tail.stage.explain(1, 1).policy()).isEqualTo("first");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void shouldLookAtTheSpansOfALargeTraceWithoutTheLock(int compressAfter) {
        String policies = "- { name: tried, retries: { at-least: 1 } }\n" + ERRORS;
        try (TailFixture tail = new TailFixture(policies, settings(compressAfter), 64 << 20, 1)) {
            tail.next.reads = false;
            tail.send(span(1, 1, 1).setKindValue(3).build());
            tail.send(spansOf(1, 5_000));
            tail.send(attempt(2), attempt(3));
            tail.send(spansOf(2, 5_000));
            tail.tick(3);
            tail.tick(7);

            assertThat(tail.next.items()).isEqualTo(5_003);
            assertThat(tail.ledger.read(Signal.TRACES).sampledOut()).isEqualTo(Map.of("none", 5_000L));
        }
    }

    @Test
    void shouldDecideOthersWhileALargeTraceGrowsAsFastAsItIsTakenOut() {
        TailSettings settings = new TailSettings(5, 5, 1 << 30, 40_000, false, 1 << 20, 1 << 20, 0, false);
        try (TailFixture tail = new TailFixture("- { name: all, always: true }", settings, 64 << 20, 1)) {
            tail.next.reads = false;
            tail.send(spansOf(1, 40_000));
            tail.send(spansOf(2, 40_000));
            tail.send(spansOf(3, 1));
            tail.nanos.addAndGet(20 * TailFixture.SECOND);

            for (int round = 0; round < 20; round++) {
                assertThat(tail.stage.loop().round()).isTrue();
                tail.send(spansOf(1, 20_000));
            }

            assertThat(tail.stage.isHeld(1, 1)).as("grows without end").isTrue();
            assertThat(tail.stage.isHeld(2, 2)).as("another large one").isFalse();
            assertThat(tail.stage.isHeld(3, 3)).as("a small one").isFalse();
            tail.round();
            assertThat(tail.next.items()).isEqualTo(40_000L + 20 * 20_000 + 40_000 + 1);
            assertThat(tail.stage.explain(1, 1).lateSpans()).isEqualTo(20 * 20_000);
        }
    }

    private static TailSettings settings(int compressAfter) {
        return new TailSettings(5, 5, 1 << 30, 1_000_000, false, 1 << 20, 1 << 20, compressAfter, false);
    }

    private static Span attempt(long id) {
        return span(1, 1, id).setParentSpanId(spanId(1)).setKindValue(2).build();
    }

    private static List<Span> spansOf(long trace, int count) {
        List<Span> spans = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            spans.add(span(trace, trace, 100 + i)
                    .setParentSpanId(spanId(9))
                    .setKindValue(2)
                    .build());
        }
        return spans;
    }
}
