package dev.weir.sample.tail;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.pipeline.Deadline;
import dev.weir.pipeline.Ledger;
import dev.weir.pipeline.MemoryBudget;
import dev.weir.pipeline.Payload;
import dev.weir.pipeline.Signal;
import dev.weir.pipeline.Stage;
import dev.weir.sample.policy.Rules;
import dev.weir.sample.ratio.Threshold;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** When the log records of a trace are due, and what the dice at the door mean to them. */
final class ShardLogsTest {

    private static final long BUFFER = 16 << 20;
    private static final int WAIT = 30;
    private static final long HALF = 0x80_0000_0000_0000L;
    /** Trace ids whose randomness loses and wins against a half. */
    private static final long LOSES = 1;

    private static final long WINS = 0xc0_0000_0000_0000L;

    private final Ledger ledger = new Ledger();
    private final PolicyNames names = new PolicyNames();
    private final TailSettings settings =
            new TailSettings(WAIT, WAIT, 1 << 20, 1000, false, 64 << 10, 64 << 10, 0, true);
    private final HeldStore store = HeldStore.of(new MemoryBudget(BUFFER, 0, 0, BUFFER), BUFFER, 1);
    private final Shard shard =
            new Shard(store, settings, new Explanations(64 << 10, names), names.number(TailStage.OVERLOAD), 0);
    private final Arrivals arrivals = new Arrivals(store);
    private final SampledOut sampledOut = new SampledOut(names);
    private final List<LogRecord> logs = new ArrayList<>();
    private final Rules rules = TailFixture.rules("- { name: all, always: true }", null);
    private final Decider decider =
            new Decider(store, settings, names, outlet(Signal.TRACES), outlet(Signal.LOGS), System::nanoTime);

    @Test
    void shouldNotShortenTheWaitOfSpansThatComeAfterRecords() {
        Rules late = TailFixture.rules("- { name: five, span-count: { at-least: 5, at-most: 6 } }", null);
        hold(Signal.LOGS, logs(WINS), late, 0, Threshold.ALWAYS);
        hold(Signal.TRACES, spans(WINS), late, 20, Threshold.ALWAYS);

        assertThat(shard.due.takeDue(20 + WAIT, 0)).isEqualTo(DueWheel.NONE);
        assertThat(shard.due.takeDue(20 + WAIT + 1, 0)).isNotEqualTo(DueWheel.NONE);
    }

    @Test
    void shouldLetRecordsWaitFromTheirOwnArrival() {
        hold(Signal.LOGS, logs(WINS), rules, 0, Threshold.ALWAYS);
        hold(Signal.LOGS, logs(WINS), rules, 20, Threshold.ALWAYS);

        assertThat(shard.due.takeDue(WAIT, 0)).isEqualTo(DueWheel.NONE);
        assertThat(shard.due.takeDue(WAIT + 1, 0)).isNotEqualTo(DueWheel.NONE);
    }

    @Test
    void shouldLetRecordsFollowSpansThatLoseTheDice() {
        hold(Signal.LOGS, logs(LOSES), rules, 0, HALF);
        assertThat(shard.logs()).isEqualTo(1);

        hold(Signal.TRACES, spans(LOSES), rules, 1, HALF);
        hold(Signal.TRACES, spans(LOSES), rules, 1, HALF);
        decide(1);

        assertThat(logs).isEmpty();
        assertThat(shard.logs() + shard.traces()).isZero();
        assertThat(ledger.read(Signal.TRACES).sampledOut()).isEqualTo(Map.of("overload", 2L));
        assertThat(ledger.read(Signal.LOGS).sampledOut()).isEqualTo(Map.of("overload", 1L));
    }

    @Test
    void shouldTellThresholdOfDiceThatTheSpansWon() {
        hold(Signal.LOGS, logs(WINS), rules, 0, HALF);
        hold(Signal.TRACES, spans(WINS), rules, 1, HALF);
        decide(1);

        assertThat(logs).hasSize(1);
        assertThat(logs.getFirst().getAttributesList())
                .extracting(KeyValue::getKey)
                .containsExactly("sampling.threshold");
        assertThat(logs.getFirst().getAttributes(0).getValue().getStringValue()).isEqualTo("8");
    }

    @Test
    void shouldPassManyRecordsWithoutSpansInSlices() {
        int records = 40_000;
        for (int i = 0; i < records; i++) {
            hold(Signal.LOGS, logs(WINS), rules, 0, Threshold.ALWAYS);
        }

        assertThat(decider.round(shard, rules, 1, 0, null)).isTrue();

        int first = records - shard.logs();
        assertThat(first).isBetween(1, records / 2);
        assertThat(shard.current.trace).as("is open to a span that comes yet").isEqualTo(TraceRecords.NONE);
        Rules none = TailFixture.rules("- { name: none-of-these, status: [error] }", rules);
        hold(Signal.TRACES, spans(WINS), none, 1, Threshold.ALWAYS);
        while (decider.round(shard, none, 2 + WAIT, 0, null)) {
            // the shard has more
        }
        decider.flush();

        assertThat(logs).hasSize(first);
        assertThat(shard.logs() + shard.spans() + shard.traces()).isZero();
        assertThat(ledger.read(Signal.TRACES).sampledOut()).isEqualTo(Map.of("none", 1L));
        assertThat(ledger.read(Signal.LOGS).sampledOut()).isEqualTo(Map.of("none", (long) records - first));
    }

    private void decide(long second) {
        while (decider.round(shard, rules, second, 0, null)) {
            // the shard has more
        }
        decider.flush();
    }

    private void hold(Signal signal, byte[] request, Rules by, long second, long headThreshold) {
        boolean isRead = signal == Signal.LOGS ? arrivals.readLogs(request, 1, by) : arrivals.read(request, 1, by);
        assertThat(isRead && arrivals.reservation.tryTake()).isTrue();
        assertThat(shard.hold(0, arrivals, request, by, second, headThreshold, sampledOut))
                .isZero();
        arrivals.origins().release();
        arrivals.reservation.close();
        sampledOut.tell(ledger, signal);
    }

    private Outlet outlet(Signal signal) {
        Stage next = new Stage() {
            @Override
            public void accept(Payload payload) {
                if (payload.signal() == Signal.LOGS) {
                    take(payload.bytes());
                }
                payload.ack().accept();
            }

            @Override
            public void drain(Deadline deadline) {
                // nothing is held here
            }
        };
        Outbox outbox = new Outbox(next, ledger, signal, System::nanoTime, () -> {});
        return new Outlet(signal, outbox, names, ledger, 1 << 20);
    }

    private void take(byte[] request) {
        try {
            ExportLogsServiceRequest.parseFrom(request)
                    .getResourceLogsList()
                    .forEach(resource ->
                            resource.getScopeLogsList().forEach(scope -> logs.addAll(scope.getLogRecordsList())));
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] spans(long trace) {
        return TailFixture.request("shop", List.of(TailFixture.span(7, trace, 1).build()));
    }

    private static byte[] logs(long trace) {
        ByteString id = TailFixture.traceId(7, trace);
        return ExportLogsServiceRequest.newBuilder()
                .addResourceLogs(ResourceLogs.newBuilder()
                        .addScopeLogs(ScopeLogs.newBuilder()
                                .addLogRecords(LogRecord.newBuilder().setTraceId(id))))
                .build()
                .toByteArray();
    }
}
