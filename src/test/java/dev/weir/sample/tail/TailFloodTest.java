package dev.weir.sample.tail;

import static dev.weir.sample.tail.TailFixture.attribute;
import static dev.weir.sample.tail.TailFixture.span;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.pipeline.Signal;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What senders can do to a sampler by sending much, or all alike: it stays within its bounds. */
final class TailFloodTest {

    private static final String ERRORS = "- { name: errors, status: [error] }";
    private static final String FINE = "- { name: fine, not: { status: [error] } }";

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
}
