package dev.weir.sample.tail;

import static org.assertj.core.api.Assertions.assertThat;

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
import dev.weir.sample.policy.Rules;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever the order in which spans and log records come: all or none of a trace, and nothing is lost. */
final class FollowingLogsPropertyTest {

    private static final long BUFFER = 16 << 20;
    private static final int WAIT = 30;
    private static final int TRACES = 40;
    /** Traces over this number have log records only. */
    private static final int WITH_SPANS = 30;

    private static final Sender SENDER = new Sender(Sender.Protocol.GRPC, null, "test:1", 1);
    private static final String POLICIES = """
            - { name: errors, status: [error] }
            - { name: half, ratio: 0.5 }
            """;

    private static final class Run implements Stage, AutoCloseable {
        final Ledger ledger = new Ledger();
        final AtomicLong nanos = new AtomicLong();
        final Map<Long, Integer> spans = new HashMap<>();
        final Map<Long, Integer> logs = new HashMap<>();
        final Map<Long, Integer> sentSpans = new HashMap<>();
        final Map<Long, Integer> sentLogs = new HashMap<>();
        Rules rules = TailFixture.rules(POLICIES, null);
        final TailStage stage = new TailStage(
                new TailSettings(WAIT, WAIT, 1 << 20, 1000, false, 1 << 20, 1 << 20, 0, true),
                BUFFER,
                4,
                () -> rules,
                new MemoryBudget(2 * BUFFER, 0, 0, BUFFER),
                ledger,
                this,
                nanos::get);

        void send(Signal signal, MessageLite request, int items) {
            stage.accept(new Payload(signal, request.toByteArray(), items, SENDER, 0, new Ack() {
                @Override
                protected void onAccepted() {
                    ledger.received(signal, items);
                }

                @Override
                protected void onRefused(Refusal refusal) {
                    throw new AssertionError(refusal);
                }
            }));
        }

        void tick(int seconds) {
            nanos.addAndGet(seconds * TailFixture.SECOND);
            while (stage.loop().round()) {
                // there is more
            }
            assertThat(ledger.violations()).isEmpty();
        }

        @Override
        public void accept(Payload payload) {
            try {
                int items = 0;
                if (payload.signal() == Signal.LOGS) {
                    for (ResourceLogs resource :
                            ExportLogsServiceRequest.parseFrom(payload.bytes()).getResourceLogsList()) {
                        for (ScopeLogs scope : resource.getScopeLogsList()) {
                            scope.getLogRecordsList()
                                    .forEach(log -> logs.merge(log.getTimeUnixNano(), 1, Integer::sum));
                            items += scope.getLogRecordsCount();
                        }
                    }
                } else {
                    for (var resource :
                            ExportTraceServiceRequest.parseFrom(payload.bytes()).getResourceSpansList()) {
                        for (var scope : resource.getScopeSpansList()) {
                            scope.getSpansList()
                                    .forEach(span -> spans.merge(
                                            span.getTraceId()
                                                    .asReadOnlyByteBuffer()
                                                    .getLong(),
                                            1,
                                            Integer::sum));
                            items += scope.getSpansCount();
                        }
                    }
                }
                assertThat(items).isEqualTo(payload.items());
            } catch (InvalidProtocolBufferException e) {
                throw new AssertionError(e);
            }
            ledger.delivered(payload.signal(), payload.items());
            payload.ack().accept();
        }

        @Override
        public void drain(Deadline deadline) {
            // nothing is held here
        }

        @Override
        public void close() {
            stage.close();
        }
    }

    @Property(tries = 40)
    void shouldTearNoTraceAndLoseNothing(@ForAll long seed) {
        Random random = new Random(seed);
        try (Run run = new Run()) {
            for (int seconds = 0;
                    seconds < WAIT;
                    seconds += 3) { // first within the wait, so that no record passes alone
                for (int i = 0; i < 20; i++) {
                    send(run, random, 1 + random.nextInt(5));
                }
                if (random.nextInt(4) == 0) {
                    run.rules = TailFixture.rules(POLICIES, run.rules);
                }
                run.tick(random.nextInt(3));
            }
            for (long trace = 1; trace <= WITH_SPANS; trace++) {
                sendSpans(run, List.of(span(run, trace, 1_001)));
            }
            run.tick(2 * WAIT);
            for (int i = 0; i < 100; i++) { // late
                send(run, random, 1 + random.nextInt(5));
            }
            run.tick(2 * WAIT);

            assertThat(run.ledger.read(Signal.LOGS).held()).isZero();
            assertThat(run.ledger.read(Signal.TRACES).held()).isZero();
            run.sentLogs.forEach((trace, sent) -> {
                boolean isKept = trace == 0 || trace > WITH_SPANS || run.spans.containsKey(trace);
                assertThat(run.logs.getOrDefault(trace, 0))
                        .as("records of %d", trace)
                        .isEqualTo(isKept ? sent : 0);
            });
            run.spans.forEach((trace, kept) -> assertThat(kept).isEqualTo(run.sentSpans.get(trace)));
        }
    }

    private static void send(Run run, Random random, int items) {
        if (random.nextBoolean()) {
            List<Span> spans = new ArrayList<>();
            for (int i = 0; i < items; i++) {
                spans.add(span(run, 1 + random.nextInt(WITH_SPANS), 1 + random.nextInt(1_000)));
            }
            sendSpans(run, spans);
            return;
        }
        ExportLogsServiceRequest.Builder request = ExportLogsServiceRequest.newBuilder();
        for (int i = 0; i < items; i++) {
            long trace = random.nextInt(TRACES);
            LogRecord.Builder log = LogRecord.newBuilder().setTimeUnixNano(trace);
            if (trace != 0) {
                log.setTraceId(TailFixture.traceId(trace, idLow(trace)));
            }
            run.sentLogs.merge(trace, 1, Integer::sum);
            request.addResourceLogs(ResourceLogs.newBuilder()
                    .addScopeLogs(ScopeLogs.newBuilder().addLogRecords(log)));
        }
        run.send(Signal.LOGS, request.build(), items);
    }

    private static Span span(Run run, long trace, int id) {
        Span.Builder span = TailFixture.span(trace, idLow(trace), id);
        if (trace % 3 == 0 && !run.sentSpans.containsKey(trace)) {
            span.setStatus(Status.newBuilder().setCode(Status.StatusCode.STATUS_CODE_ERROR));
        }
        run.sentSpans.merge(trace, 1, Integer::sum);
        return span.build();
    }

    private static void sendSpans(Run run, List<Span> spans) {
        run.send(
                Signal.TRACES,
                ExportTraceServiceRequest.newBuilder()
                        .addResourceSpans(ResourceSpans.newBuilder()
                                .addScopeSpans(ScopeSpans.newBuilder().addAllSpans(spans)))
                        .build(),
                spans.size());
    }

    private static long idLow(long trace) {
        return trace * 0x9E3779B97F4A7C15L;
    }
}
