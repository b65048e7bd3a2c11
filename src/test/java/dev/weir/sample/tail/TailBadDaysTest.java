package dev.weir.sample.tail;

import static dev.weir.sample.tail.TailFixture.span;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.pipeline.Signal;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What senders, clocks and operators do to a sampler on bad days. */
final class TailBadDaysTest {

    private static final long HOUR = 3_600 * TailFixture.SECOND;
    private static final String ERRORS = "- { name: errors, status: [error] }";
    private static final String SLOW = "- { name: slow, latency: { at-least: 2s } }";

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
}
