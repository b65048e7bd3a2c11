package dev.weir.sample.tail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.pipeline.Signal;
import io.opentelemetry.proto.logs.v1.LogRecord;
import org.junit.jupiter.api.Test;

/** {@code weir.sample.logs: follow-trace}, through the stage: what becomes of records. */
final class FollowingLogsTest extends FollowingLogsFixture {

    @Test
    void shouldShareTheFateOfTheTrace() {
        sendLogs(log(1, "before"), log(2, "before"));
        sendSpans(span(1, 1, true), span(2, 1, false));
        sendLogs(log(1, "after"), log(2, "after"));

        awaitNothingHeld();

        assertThat(next.logs()).containsExactlyInAnyOrder(log(1, "before"), log(1, "after"));
        assertThat(ledger.read(Signal.LOGS).sampledOut()).containsExactly(java.util.Map.entry("none", 2L));
        assertThat(ledger.read(Signal.TRACES).sampledOut()).containsExactly(java.util.Map.entry("none", 1L));
        assertThat(answers).containsExactly("accepted", "accepted", "accepted");
    }

    @Test
    void shouldPassRecordsWithoutTraceAtOnce() {
        stage = stage(LONG);
        LogRecord untraced = log(0, "untraced");

        sendLogs(untraced, log(1, "waits"), untraced);

        assertThat(next.logs()).containsExactly(untraced, untraced);
        assertThat(ledger.read(Signal.LOGS).held()).isEqualTo(1);
        assertThat(ledger.violations()).isEmpty();
        assertThat(answers).containsExactly("accepted");
    }

    @Test
    void shouldPassRecordsWhoseTraceShowsNoSpanAfterTheWait() {
        sendLogs(log(1, "alone"));
        assertThat(next.logs()).isEmpty();

        awaitNothingHeld();

        assertThat(next.logs()).containsExactly(log(1, "alone"));
        assertThat(stage.explain(1, traceIdLow(1))).isNull();
    }

    @Test
    void shouldDecideSpansByThemselvesWhenTheirRecordsHavePassed() {
        sendLogs(log(1, "alone"));
        awaitNothingHeld();

        sendSpans(span(1, 1, false));
        awaitNothingHeld();

        assertThat(ledger.read(Signal.TRACES).sampledOut()).containsEntry("none", 1L);
    }

    @Test
    void shouldLetLateRecordsFollowTheDecision() {
        sendSpans(span(1, 1, true), span(2, 1, false));
        awaitNothingHeld();

        sendLogs(log(1, "late"), log(2, "late"), log(2, "later"));
        assertThat(ledger.read(Signal.LOGS).sampledOut()).containsEntry("none", 2L);
        awaitNothingHeld();

        assertThat(next.logs()).containsExactly(log(1, "late"));
        assertThat(stage.explain(2, traceIdLow(2)).lateSpans()).isZero();
    }

    @Test
    void shouldNotShowRecordsToPolicies() {
        rules = rules("- { name: three, span-count: { at-least: 3 } }", null);
        sendSpans(span(1, 1, true));
        sendLogs(log(1, "a"), log(1, "b"), log(1, "c"));
        sendSpans(span(1, 2, false));
        awaitNothingHeld();

        assertThat(next.logs()).isEmpty();
        Explanation explanation = stage.explain(1, traceIdLow(1));
        assertThat(explanation.spans()).isEqualTo(2);
        assertThat(explanation.bytes())
                .isEqualTo(
                        span(1, 1, true).getSerializedSize() + span(1, 2, false).getSerializedSize());
    }

    @Test
    void shouldNotShowRecordsToNewPolicies() {
        LogRecord likeSpan =
                log(1, "x").toBuilder().setSeverityText("tier=gold").build(); // a span's trace state
        sendSpans(span(1, 1, false));
        sendLogs(likeSpan);

        rules = rules("- { name: gold, trace-state: { key: tier, values: [gold] } }", rules);
        awaitNothingHeld();

        assertThat(ledger.read(Signal.LOGS).sampledOut()).containsEntry("none", 1L);
    }

    @Test
    void shouldWriteThresholdOfRatioThatKept() {
        rules = rules("- { name: half, ratio: 0.5 }", null);
        for (int i = 1; i <= 100; i++) {
            sendSpans(span(i, 1, false));
            sendLogs(log(i, "x"));
        }
        awaitNothingHeld();

        assertThat(next.logs())
                .hasSameSizeAs(next.spans())
                .hasSizeBetween(25, 75)
                .allSatisfy(log -> assertThat(log.getAttributesList())
                        .containsExactly(attribute("name", "x"), attribute("sampling.threshold", "8")));
    }

    @Test
    void shouldPassRecordsOfGiantTraceWithoutSpansAtOnce() {
        stage = stage(LONG);
        String text = "x".repeat(1 << 20);

        sendLogs(log(1, text));

        awaitNothingHeld();
        assertThat(next.logs()).containsExactly(log(1, text));
    }
}
