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
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** The stage with {@code weir.sample.logs: follow-trace}; after each test the laws of the ledger hold. */
abstract class FollowingLogsFixture {

    static final long BUFFER = 16 << 20;
    static final int LONG = 600;
    static final String ERRORS = "- { name: errors, status: [error] }";
    static final Sender SENDER = new Sender(Sender.Protocol.GRPC, null, "test:1", 1);

    final Ledger ledger = new Ledger();
    final MemoryBudget budget = new MemoryBudget(2 * BUFFER, 0, 0, BUFFER);
    final Next next = new Next();
    final List<String> answers = new CopyOnWriteArrayList<>();
    volatile Rules rules = rules(ERRORS, null);
    TailStage stage = stage(1);

    @AfterEach
    void tearDown() {
        stage.close();
        assertThat(ledger.violations()).isEmpty();
    }

    void awaitNothingHeld() {
        await().until(() -> ledger.read(Signal.TRACES).held() == 0
                && ledger.read(Signal.LOGS).held() == 0
                && ledger.violations().isEmpty());
    }

    TailStage stage(int wait) {
        if (stage != null) {
            stage.close();
        }
        TailSettings settings = new TailSettings(wait, wait, 1 << 20, 1000, false, 64 << 10, 64 << 10, 0, true);
        return new TailStage(settings, BUFFER, 4, () -> rules, budget, ledger, next);
    }

    static Rules rules(String policies, @Nullable Rules before) {
        PolicyReader.Result read = PolicyReader.readFile(policies);
        assertThat(read.faults()).isEmpty();
        return Rules.compile(read.policies(), before, System::nanoTime);
    }

    void sendSpans(Span... spans) {
        send(
                Signal.TRACES,
                spans.length,
                ExportTraceServiceRequest.newBuilder()
                        .addResourceSpans(ResourceSpans.newBuilder()
                                .addScopeSpans(ScopeSpans.newBuilder().addAllSpans(List.of(spans))))
                        .build());
    }

    void sendLogs(LogRecord... records) {
        send(Signal.LOGS, records.length, logs(records));
    }

    static ExportLogsServiceRequest logs(LogRecord... records) {
        return ExportLogsServiceRequest.newBuilder()
                .addResourceLogs(ResourceLogs.newBuilder()
                        .addScopeLogs(ScopeLogs.newBuilder().addAllLogRecords(List.of(records))))
                .build();
    }

    void send(Signal signal, int items, MessageLite request) {
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
    static LogRecord log(int trace, String name) {
        LogRecord.Builder log = LogRecord.newBuilder().setTimeUnixNano(1_000).addAttributes(attribute("name", name));
        if (trace != 0) {
            log.setTraceId(traceId(trace));
        }
        return log.build();
    }

    static KeyValue attribute(String key, String value) {
        return KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setStringValue(value))
                .build();
    }

    static Span span(int trace, int id, boolean error) {
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

    static ByteString traceId(int number) {
        return ByteString.copyFrom(ByteBuffer.allocate(16)
                .putLong(number)
                .putLong(traceIdLow(number))
                .flip());
    }

    static long traceIdLow(int number) {
        return number * 0x9E3779B97F4A7C15L;
    }

    final class Next implements Stage {
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
