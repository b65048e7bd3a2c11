package dev.weir.sample.tail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import dev.weir.pipeline.Ack;
import dev.weir.pipeline.Deadline;
import dev.weir.pipeline.Ledger;
import dev.weir.pipeline.MemoryBudget;
import dev.weir.pipeline.Payload;
import dev.weir.pipeline.Refusal;
import dev.weir.pipeline.Sender;
import dev.weir.pipeline.Signal;
import dev.weir.pipeline.Stage;
import dev.weir.sample.policy.PolicyReader;
import dev.weir.sample.policy.Rules;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code weir.sample.logs: follow-trace}, through the stage. */
final class FollowingLogsTest {

    private static final long BUFFER = 16 << 20;
    private static final int LONG = 600;
    private static final String ERRORS = "- { name: errors, status: [error] }";
    private static final Sender SENDER = new Sender(Sender.Protocol.GRPC, null, "test:1", 1);

    private final Ledger ledger = new Ledger();
    private final MemoryBudget budget = new MemoryBudget(2 * BUFFER, 0, 0, BUFFER);
    private final Next next = new Next();
    private final List<String> answers = new CopyOnWriteArrayList<>();
    private volatile Rules rules = rules(ERRORS, null);
    private TailStage stage = stage(1);

    @AfterEach
    void tearDown() {
        stage.close();
        assertThat(ledger.violations()).isEmpty();
    }

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
    void shouldPassRequestWithoutTracesAsItCame() {
        LogRecord zero = log(0, "zero").toBuilder()
                .setTraceId(ByteString.copyFrom(new byte[16]))
                .build();

        sendLogs(log(0, "none"), zero);

        assertThat(next.logs()).containsExactly(log(0, "none"), zero);
        assertThat(next.payloads.getFirst().bytes())
                .isEqualTo(logs(log(0, "none"), zero).toByteArray());
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

    @Test
    void shouldKeepResourcesAndScopes() throws InvalidProtocolBufferException {
        ResourceLogs.Builder shop = ResourceLogs.newBuilder()
                .setResource(Resource.newBuilder().addAttributes(attribute("service.name", "shop")))
                .setSchemaUrl("https://example.com/resource");
        ScopeLogs.Builder scope = ScopeLogs.newBuilder()
                .setScope(InstrumentationScope.newBuilder().setName("log4j"))
                .setSchemaUrl("https://example.com/scope");
        sendSpans(span(1, 1, false), span(2, 1, false));
        send(
                Signal.LOGS,
                1,
                ExportLogsServiceRequest.newBuilder()
                        .addResourceLogs(shop.clone().addScopeLogs(scope.clone().addLogRecords(log(1, "a"))))
                        .build());
        send(
                Signal.LOGS,
                2,
                ExportLogsServiceRequest.newBuilder()
                        .addResourceLogs(shop.clone()
                                .addScopeLogs(scope.clone().addLogRecords(log(1, "b")))
                                .addScopeLogs(ScopeLogs.newBuilder().addLogRecords(log(1, "c"))))
                        .build());
        sendSpans(span(1, 2, true));
        awaitNothingHeld();

        List<Payload> logs =
                next.payloads.stream().filter(p -> p.signal() == Signal.LOGS).toList();
        assertThat(logs).hasSize(1);
        assertThat(ExportLogsServiceRequest.parseFrom(logs.getFirst().bytes()))
                .isEqualTo(ExportLogsServiceRequest.newBuilder()
                        .addResourceLogs(shop.clone()
                                .addScopeLogs(
                                        scope.clone().addLogRecords(log(1, "a")).addLogRecords(log(1, "b")))
                                .addScopeLogs(ScopeLogs.newBuilder().addLogRecords(log(1, "c"))))
                        .build());
    }

    @Test
    void shouldRefuseWholeWhenRecordsWithoutTraceAreRefused() {
        stage = stage(LONG);
        next.refusal = Refusal.retryable(Refusal.Reason.QUEUE_FULL, "full", Duration.ofMillis(1));

        sendLogs(log(0, "untraced"), log(1, "traced"));

        assertThat(answers).containsExactly("refused queue_full");
        assertThat(ledger.read(Signal.LOGS).held()).isZero();
        assertThat(budget.used(MemoryBudget.Use.RECEIVE)).isZero();
    }

    @Test
    void shouldPassNothingOfRequestThatCannotBeHeld() {
        stage = stage(LONG);
        String text = "x".repeat(100_000);
        int sent = 0;
        while (!answers.contains("refused memory") && sent < 1000) {
            sent++;
            sendLogs(log(0, "untraced"), log(sent, text));
        }

        assertThat(sent).isBetween(50, 999);
        assertThat(next.logs().stream().filter(log -> log.getTraceId().isEmpty()))
                .hasSize(sent - 1);
    }

    @Test
    void shouldPassWhatIsHeldWhenDrained() {
        stage = stage(LONG);
        sendLogs(log(1, "alone"), log(2, "kept"), log(3, "dropped"));
        sendSpans(span(2, 1, true), span(3, 1, false));

        stage.drain(Deadline.in(Duration.ofSeconds(5)));

        assertThat(next.logs()).containsExactlyInAnyOrder(log(1, "alone"), log(2, "kept"));
    }

    @Test
    void shouldCountWhatIsLeftWhenClosed() {
        stage = stage(LONG);
        sendLogs(log(1, "alone"), log(2, "kept"));

        stage.close();

        assertThat(ledger.read(Signal.LOGS).dropped()).containsEntry("shutdown", 2L);
        assertThat(ledger.read(Signal.LOGS).held()).isZero();
    }

    private void awaitNothingHeld() {
        await().until(() -> ledger.read(Signal.TRACES).held() == 0
                && ledger.read(Signal.LOGS).held() == 0
                && ledger.violations().isEmpty());
    }

    private TailStage stage(int wait) {
        if (stage != null) {
            stage.close();
        }
        TailSettings settings = new TailSettings(wait, wait, 1 << 20, 1000, false, 64 << 10, 64 << 10, 0, true);
        return new TailStage(settings, BUFFER, 4, () -> rules, budget, ledger, next);
    }

    private static Rules rules(String policies, @Nullable Rules before) {
        PolicyReader.Result read = PolicyReader.readFile(policies);
        assertThat(read.faults()).isEmpty();
        return Rules.compile(read.policies(), before, System::nanoTime);
    }

    private void sendSpans(Span... spans) {
        send(
                Signal.TRACES,
                spans.length,
                ExportTraceServiceRequest.newBuilder()
                        .addResourceSpans(ResourceSpans.newBuilder()
                                .addScopeSpans(ScopeSpans.newBuilder().addAllSpans(List.of(spans))))
                        .build());
    }

    private void sendLogs(LogRecord... records) {
        send(Signal.LOGS, records.length, logs(records));
    }

    private static ExportLogsServiceRequest logs(LogRecord... records) {
        return ExportLogsServiceRequest.newBuilder()
                .addResourceLogs(ResourceLogs.newBuilder()
                        .addScopeLogs(ScopeLogs.newBuilder().addAllLogRecords(List.of(records))))
                .build();
    }

    private void send(Signal signal, int items, MessageLite request) {
        stage.accept(new Payload(signal, request.toByteArray(), items, SENDER, System.nanoTime(), new Ack() {
            @Override
            protected void onAccepted() {
                ledger.received(signal, items);
                answers.add("accepted");
            }

            @Override
            protected void onRefused(Refusal refusal) {
                answers.add("refused " + refusal.reason().label());
            }
        }));
    }

    /** @param trace 0 for none */
    private static LogRecord log(int trace, String name) {
        LogRecord.Builder log = LogRecord.newBuilder().setTimeUnixNano(1_000).addAttributes(attribute("name", name));
        if (trace != 0) {
            log.setTraceId(traceId(trace));
        }
        return log.build();
    }

    private static KeyValue attribute(String key, String value) {
        return KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setStringValue(value))
                .build();
    }

    private static Span span(int trace, int id, boolean error) {
        Span.Builder span = Span.newBuilder()
                .setTraceId(traceId(trace))
                .setSpanId(
                        ByteString.copyFrom(ByteBuffer.allocate(8).putLong(id).flip()))
                .setStartTimeUnixNano(1_000)
                .setEndTimeUnixNano(2_000);
        if (error) {
            span.setStatus(Status.newBuilder().setCode(Status.StatusCode.STATUS_CODE_ERROR));
        }
        return span.build();
    }

    private static ByteString traceId(int number) {
        return ByteString.copyFrom(ByteBuffer.allocate(16)
                .putLong(number)
                .putLong(traceIdLow(number))
                .flip());
    }

    private static long traceIdLow(int number) {
        return number * 0x9E3779B97F4A7C15L;
    }

    private final class Next implements Stage {
        final List<Payload> payloads = new CopyOnWriteArrayList<>();
        volatile @Nullable Refusal refusal;

        @Override
        public void accept(Payload payload) {
            Refusal now = refusal;
            if (now != null) {
                payload.ack().refuse(now);
                return;
            }
            payloads.add(payload);
            ledger.delivered(payload.signal(), payload.items());
            payload.ack().accept();
        }

        @Override
        public void drain(Deadline deadline) {
            // nothing is held here
        }

        List<LogRecord> logs() {
            List<LogRecord> records = new ArrayList<>();
            for (Payload payload : payloads) {
                if (payload.signal() == Signal.LOGS) {
                    int before = records.size();
                    parse(ExportLogsServiceRequest.parser(), payload)
                            .getResourceLogsList()
                            .forEach(resource -> resource.getScopeLogsList()
                                    .forEach(scope -> records.addAll(scope.getLogRecordsList())));
                    assertThat(records.size() - before).isEqualTo(payload.items());
                }
            }
            return records;
        }

        List<Span> spans() {
            List<Span> spans = new ArrayList<>();
            for (Payload payload : payloads) {
                if (payload.signal() == Signal.TRACES) {
                    parse(ExportTraceServiceRequest.parser(), payload)
                            .getResourceSpansList()
                            .forEach(resource ->
                                    resource.getScopeSpansList().forEach(scope -> spans.addAll(scope.getSpansList())));
                }
            }
            return spans;
        }

        private <T> T parse(com.google.protobuf.Parser<T> parser, Payload payload) {
            try {
                return parser.parseFrom(payload.bytes());
            } catch (InvalidProtocolBufferException e) {
                throw new AssertionError(e);
            }
        }
    }
}
